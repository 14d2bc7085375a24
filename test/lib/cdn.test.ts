import { describe, expect, test } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { COPY_HOST } from '../../lib/cdn.ts';
import { ClickhookStack } from '../../lib/clickhook-stack.ts';
import { newApp } from './new-app.ts';
import { NAMED_CDN, REGIONAL_DOMAIN } from './option-sets.ts';

const synthesized = (context: Record<string, unknown>) =>
  Template.fromStack(new ClickhookStack(newApp(context), 'Clickhook'));

const SECRET = NAMED_CDN.edgeSecret;
const named = synthesized(NAMED_CDN);
const nameless = synthesized({ cloudFront: true, edgeSecret: SECRET });

type Variables = Record<string, unknown>;

/** The environments of all functions, by the start of their logical ids. */
function environments(template: Template): [id: string, variables: Variables][] {
  return Object.entries(template.findResources('AWS::Lambda::Function')).map(([id, { Properties }]) => [
    id.replace(/[0-9A-F]{8}$/, ''),
    Properties.Environment.Variables,
  ]);
}

const withoutRoutes = ['ClickErasurePurge', 'ClickPathDeliver', 'ManagementWorkspacesCreate'];

function distribution(template: Template) {
  const [only] = Object.values(template.findResources('AWS::CloudFront::Distribution'));
  return only?.Properties.DistributionConfig;
}

describe('the distribution', () => {
  test('proves itself to the API with the secret, only over TLS', () => {
    const [origin] = distribution(named).Origins;
    expect(origin.OriginCustomHeaders).toEqual([
      { HeaderName: 'x-clickhook-edge-secret', HeaderValue: SECRET },
    ]);
    expect(origin.CustomOriginConfig).toMatchObject({
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
    });
    expect(JSON.stringify(origin.DomainName)).toContain('.execute-api.');
  });

  test('passes on everything that visitors send except the host, which the API would not know', () => {
    const { OriginRequestPolicyId, AllowedMethods } = distribution(named).DefaultCacheBehavior;
    // The managed policy AllViewerExceptHostHeader.
    expect(OriginRequestPolicyId).toBe('b689b0a8-53d0-40ab-baf2-68738e2966ac');
    expect(AllowedMethods).toEqual(['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE']);
  });

  test('passes on the key of API calls and what CloudFront knows about visitors, and shares nothing between them', () => {
    named.hasResourceProperties('AWS::CloudFront::CachePolicy', {
      CachePolicyConfig: {
        MinTTL: 0,
        DefaultTTL: 0,
        MaxTTL: 1,
        ParametersInCacheKeyAndForwardedToOrigin: {
          HeadersConfig: {
            HeaderBehavior: 'whitelist',
            Headers: [
              'Authorization',
              'CloudFront-Viewer-Address',
              'CloudFront-Viewer-Country',
              'X-Forwarded-Host',
            ],
          },
          QueryStringsConfig: { QueryStringBehavior: 'all' },
        },
      },
    });
  });

  test('caches no error, so that a link works as soon as it is created', () => {
    const kept = distribution(named).CustomErrorResponses;
    expect(kept.map(({ ErrorCode }: { ErrorCode: number }) => ErrorCode)).toEqual(
      expect.arrayContaining([403, 404, 500, 502, 503, 504]),
    );
    for (const response of kept)
      expect(response).toEqual({ ErrorCode: expect.any(Number), ErrorCachingMinTTL: 0 });
  });

  test('has the names of the default host and the custom domains', () => {
    expect(distribution(named)).toMatchObject({
      Aliases: ['links.example.com', 'go.example.com'],
      ViewerCertificate: {
        AcmCertificateArn: NAMED_CDN.certificateArn,
        MinimumProtocolVersion: 'TLSv1.2_2021',
      },
    });
    expect(distribution(nameless).Aliases).toBeUndefined();
  });

  test('does not exist unless it is requested', () => {
    synthesized({}).resourceCountIs('AWS::CloudFront::Distribution', 0);
  });
});

describe('the function at the edge', () => {
  const copyHost = new Function(`${COPY_HOST}; return handler;`)();

  test.each([
    ['links.example.com', {}],
    ['go.example.com', { 'x-forwarded-host': { value: 'forged.example' } }],
  ])('tells the API that %s was requested, whatever the visitor sends', (value, headers) => {
    const request = { method: 'GET', uri: '/sale', headers: { host: { value }, ...headers } };
    expect(copyHost({ request })).toEqual({
      method: 'GET',
      uri: '/sale',
      headers: { host: { value }, 'x-forwarded-host': { value } },
    });
  });

  test('runs before each request', () => {
    expect(distribution(named).DefaultCacheBehavior.FunctionAssociations).toEqual([
      { EventType: 'viewer-request', FunctionARN: expect.anything() },
    ]);
    named.hasResourceProperties('AWS::CloudFront::Function', { FunctionCode: COPY_HOST });
  });
});

describe('with CloudFront in front', () => {
  test.each([
    ['a domain', named, 'https://links.example.com'],
    [
      'no domain',
      nameless,
      { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [expect.any(String), 'DomainName'] }]] },
    ],
  ])('and %s, every function behind a route rejects other requests', (_title, template, baseUrl) => {
    for (const [id, variables] of environments(template)) {
      if (withoutRoutes.includes(id)) expect(Object.keys(variables)).not.toContain('CLICKHOOK_EDGE_SECRET');
      else
        expect(variables).toMatchObject({
          CLICKHOOK_EDGE_ONLY: '1',
          CLICKHOOK_EDGE_SECRET: SECRET,
          CLICKHOOK_BASE_URL: baseUrl,
        });
    }
  });

  test('the API stays open while DNS moves to the distribution, and a second secret is accepted', () => {
    const other = 'another-of-sixteen-characters';
    const template = synthesized({ ...NAMED_CDN, edgeOnly: false, otherEdgeSecret: other });
    for (const [id, variables] of environments(template)) {
      expect(Object.keys(variables)).not.toContain('CLICKHOOK_EDGE_ONLY');
      if (id === 'ClickPathRedirect') expect(variables).toMatchObject({ CLICKHOOK_OTHER_EDGE_SECRET: other });
    }
  });

  test('the stack prints the target for DNS', () => {
    for (const template of [named, nameless]) {
      template.hasOutput('DnsTarget', { Value: { 'Fn::GetAtt': [Match.anyValue(), 'DomainName'] } });
    }
  });
});

describe('a domain without CloudFront', () => {
  const template = synthesized(REGIONAL_DOMAIN);

  test('points to the stage at the gateway and is the base URL', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'links.example.com',
      DomainNameConfigurations: [
        { CertificateArn: REGIONAL_DOMAIN.certificateArn, EndpointType: 'REGIONAL' },
      ],
    });
    template.hasResource('AWS::ApiGatewayV2::ApiMapping', {
      Properties: { Stage: '$default' },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^HttpApiStage')]),
    });
    template.hasOutput('Url', { Value: 'https://links.example.com' });
    template.hasOutput('DnsTarget', {
      Value: { 'Fn::GetAtt': [Match.anyValue(), 'RegionalDomainName'] },
    });
  });

  test('rejects no direct requests, because nothing is in front', () => {
    expect(JSON.stringify(template.toJSON())).not.toContain('CLICKHOOK_EDGE');
  });
});
