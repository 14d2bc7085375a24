import { CfnOutput } from 'aws-cdk-lib';
import type { IHttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { ENV } from '../lambdas/env.ts';
import { Cdn } from './cdn.ts';
import { CustomDomain } from './custom-domain.ts';
import type { HttpEntry } from './http-api.ts';
import type { Settings } from './settings.ts';

/** Where the default host is reached, and what proves that a request came that way. */
export class PublicAddress extends Construct {
  /** Origin of the default host. */
  readonly baseUrl: string;
  /** What a function needs to know requests of the CDN, by variable; empty without one. */
  readonly edge: Record<string, string>;
  /** What a function needs to refuse requests that come past the CDN, by variable; empty when all are let in. */
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

  /** Leads the address to the API once that has its stage, and prints where DNS has to lead. */
  leadTo({ api }: HttpEntry, stage: IHttpStage): void {
    const { domain, certificateArn } = this.settings;
    const target = this.cdn
      ? this.cdn.distribution.distributionDomainName
      : domain && certificateArn && new CustomDomain(this, { api, stage, domain, certificateArn }).dnsTarget;
    // Outputs of the stack itself: their names are what people read.
    const stack = this.node.scope ?? this;
    new CfnOutput(stack, 'Url', { description: 'Where links and the API are served', value: this.baseUrl });
    if (target) {
      new CfnOutput(stack, 'DnsTarget', { description: 'Where DNS records have to lead', value: target });
    }
  }
}
