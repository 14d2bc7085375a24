import { ApiMapping, type ApiMappingProps, DomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Construct } from 'constructs';

export type CustomDomainProps = Pick<Required<ApiMappingProps>, 'api' | 'stage'> & {
  domain: string;
  certificateArn: string;
};

/** A domain name of the default host at the gateway itself. Its DNS record points there. */
export class CustomDomain extends Construct {
  /** The target of the domain's DNS record. */
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
