import { CfnOutput } from 'aws-cdk-lib';
import type { IHttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { ENV } from '../lambdas/env.ts';
import { Cdn } from './cdn.ts';
import { CustomDomain } from './custom-domain.ts';
import type { HttpEntry } from './http-api.ts';
import type { Settings } from './settings.ts';

/** The address of the default host, and the secret that proves that a request came that way. */
export class PublicAddress extends Construct {
  /** The origin of the default host. */
  readonly baseUrl: string;
  /** What a function needs to recognise requests of the CDN, by variable. Empty without a CDN. */
  readonly edge: Record<string, string>;
  /** What a function needs to reject requests that bypass the CDN, by variable. Empty when all requests are allowed. */
  readonly edgeOnly: Record<string, string>;
  private readonly settings: Settings;
  private readonly cdn: Cdn | undefined;

  constructor(scope: Construct, http: HttpEntry, settings: Settings) {
    super(scope, 'PublicAddress');
    const { cloudFront, domain, edgeSecret, otherEdgeSecret, edgeOnly } = settings;
    this.settings = settings;
    if (cloudFront && edgeSecret) this.cdn = new Cdn(this, { http, settings, edgeSecret });
    const distribution = this.cdn && `https://${this.cdn.distribution.distributionDomainName}`;
    const own = domain ? `https://${domain}` : distribution;
    this.baseUrl = settings.baseUrl ?? own ?? http.api.apiEndpoint;
    this.edge = {
      ...(edgeSecret ? { [ENV.edgeSecret]: edgeSecret } : {}),
      ...(otherEdgeSecret ? { [ENV.otherEdgeSecret]: otherEdgeSecret } : {}),
    };
    this.edgeOnly = edgeOnly ? { ...this.edge, [ENV.edgeOnly]: '1', [ENV.baseUrl]: this.baseUrl } : {};
  }

  /** Connects the address to the API once the API has a stage, and prints the target of DNS records. */
  leadTo({ api }: HttpEntry, stage: IHttpStage): void {
    const { domain, certificateArn } = this.settings;
    const target = this.cdn
      ? this.cdn.distribution.distributionDomainName
      : domain && certificateArn && new CustomDomain(this, { api, stage, domain, certificateArn }).dnsTarget;
    // Outputs of the stack itself, because people read their names.
    const stack = this.node.scope ?? this;
    new CfnOutput(stack, 'Url', { description: 'The address of links and of the API', value: this.baseUrl });
    if (target) {
      new CfnOutput(stack, 'DnsTarget', { description: 'The target for DNS records', value: target });
    }
  }
}
