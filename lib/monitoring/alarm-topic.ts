import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

/**
 * The topic that alarms publish to. It is encrypted with its own key, because CloudWatch cannot use the key that AWS
 * manages for SNS.
 */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, email: string | undefined) {
    super(scope, 'AlarmTopic');
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    const key = new Key(this, 'Key', {
      description: 'Encrypts the alarms of Clickhook',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const actions = ['kms:Decrypt', 'kms:GenerateDataKey'];
    key.addToResourcePolicy(
      new PolicyStatement({ principals: [cloudWatch], actions, resources: ['*'], conditions }),
    );
    this.topic = new Topic(this, 'Alarms', { masterKey: key, enforceSSL: true });
    // A policy of our own, which enforced TLS needs, replaces the default policy. The default lets the account's alarms
    // publish, so this statement adds that permission again.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions,
      }),
    );
    if (email) this.topic.addSubscription(new EmailSubscription(email));
  }
}
