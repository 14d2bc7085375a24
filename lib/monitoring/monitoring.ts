import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import type { ClickPath } from '../click-path.ts';
import type { ClickQueue } from '../click-queue.ts';
import type { HttpEntry } from '../http-api.ts';
import type { Management } from '../management.ts';
import type { Tables } from '../tables.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { type AlarmDefinition, alarmDefinitions } from './alarms.ts';
import { ClickDashboard } from './dashboard.ts';
import { failedAnswers } from './metrics.ts';

export type MonitoringProps = {
  http: HttpEntry;
  tables: Tables;
  clicks: ClickQueue;
  clickPath: ClickPath;
  management: Management;
  /** The e-mail address that alarms are sent to. Without it, only subscribers of the topic get them. */
  alarmEmail: string | undefined;
};

/** Shows operators how Clickhook is doing: alarms, the topic that they publish to, and a dashboard. */
export class Monitoring extends Construct {
  constructor(
    scope: Construct,
    { http, tables, clicks, clickPath, management, alarmEmail }: MonitoringProps,
  ) {
    super(scope, 'Monitoring');
    const { topic } = new AlarmTopic(this, alarmEmail);
    const action = new SnsAction(topic);
    const watched = {
      redirect: clickPath.redirect,
      deliver: clickPath.deliver,
      queue: clicks.queue,
      answersFailed: failedAnswers(this, management.functions),
    };
    const alarms = alarmDefinitions(watched).map((definition) => {
      const alarm = this.addAlarm(definition);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
    new ClickDashboard(this, { ...watched, api: http.api, tables, alarms });
    new CfnOutput(scope, 'AlarmTopicArn', {
      description: 'The topic of all alarms. Subscribe anything else that should get them.',
      value: topic.topicArn,
    });
  }

  private addAlarm({ name, meaning, metric, threshold, periods, needsSamples }: AlarmDefinition): Alarm {
    return new Alarm(this, name, {
      alarmName: `${Stack.of(this).stackName}-${name}`,
      alarmDescription: `${meaning} What to do: docs/operate.md, ${name}.`,
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // No data means that nothing happened.
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...(needsSamples ? { evaluateLowSampleCountPercentile: 'ignore' } : {}),
    });
  }
}
