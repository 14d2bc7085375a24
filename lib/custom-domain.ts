import { ApiMapping, type ApiMappingProps, DomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Construct } from 'constructs';

export type CustomDomainProps = Pick<Required<ApiMappingProps>, 'api' | 'stage'> & {
  domain: string;
  certificateArn: string;
};

/** A name of the default host at the gateway itself, which its DNS record leads to. */
export class CustomDomain extends Construct {
  /** Where the DNS record of the domain leads. */
  readonly dnsTarget: string;

  constructor(scope: Construct, { api, stage, domain, certificateArn }: CustomDomainProps) {
    super(scope, 'CustomDomain');
    const name = new DomainName(this, 'Name', {
      domainName: domain,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
    });
    new ApiMapping(this, 'Mapping', { api, domainName: name, stage });
    this.dnsTarget = name.regionalDomainName;
  }
}
