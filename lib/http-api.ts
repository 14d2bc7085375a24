import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  HttpApi,
  type HttpMethod,
  HttpRoute,
  HttpRouteKey,
  type IAccessLogSettings,
  type IHttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ROUTES } from '../lambdas/endpoints.ts';
import type { Settings } from './settings.ts';

// Requests per second and burst for each route. All APIs of an account and region share its limit (10,000 and 5,000 by
// default, in some regions 2,500 and 1,250), so management gets a small share and cannot starve redirects.
const API_THROTTLE = { perSecond: 50, burst: 100 };

const throttleOf = ({ perSecond, burst } = API_THROTTLE) => ({
  ThrottlingRateLimit: perSecond,
  ThrottlingBurstLimit: burst,
});

/** Short links. `/` and methods without their own route go to `$default`, which is the redirect too. */
export const REDIRECT_ROUTES = ['GET', 'HEAD', 'POST'].map((method) => ({ method, path: '/{slug+}' }));

/**
 * No source address, no path and no query string, because they can contain keys and the secrets of webhooks. The
 * gateway inserts values without escaping them. So only variables whose values never contain quotes, backslashes and
 * control characters are used, and every line is valid JSON: numbers, our own names, and AWS's fixed words.
 * `integrationErrorMessage` can contain any text, so it is left out. `integrationStatus` is the status of Lambda's own
 * response (429 for a throttle), and the function's log has the details.
 */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    time: '$context.requestTime',
    route: '$context.routeKey',
    status: '$context.status',
    bytes: '$context.responseLength',
    latencyMs: '$context.responseLatency',
    gatewayError: '$context.error.responseType',
    integrationStatus: '$context.integrationStatus',
  }),
);

type HttpSettings = Pick<Settings, 'clickRateLimit' | 'clickBurstLimit' | 'accessLog'>;

/** The HTTP API, which receives all requests. Routes are added when the functions exist. */
export class HttpEntry extends Construct {
  readonly api: HttpApi;
  private readonly settings: HttpSettings;

  constructor(scope: Construct, settings: HttpSettings) {
    super(scope, 'Http');
    this.settings = settings;
    this.api = new HttpApi(this, 'Api', { createDefaultStage: false, description: 'Clickhook' });
  }

  /**
   * Connects every route to its function.
   * @param endpoints functions by the id of their endpoint
   * @returns the stage that serves them
   */
  addRoutes(endpoints: Record<string, IFunction>, redirect: IFunction): IHttpStage {
    const toRedirect = new HttpLambdaIntegration('Redirect', redirect);
    const toEndpoint = new Map(
      Object.entries(endpoints).map(([id, target]) => [id, new HttpLambdaIntegration(id, target)]),
    );
    const add = (method: string, path: string, integration: HttpLambdaIntegration) =>
      new HttpRoute(this, `${method} ${path}`.replaceAll('/', '.'), {
        httpApi: this.api,
        routeKey: HttpRouteKey.with(path, method as HttpMethod),
        integration,
      });
    for (const { method, path, endpoint } of ROUTES) {
      add(method, path, toEndpoint.get(endpoint.id) as HttpLambdaIntegration);
    }
    for (const { method, path } of REDIRECT_ROUTES) add(method, path, toRedirect);
    new HttpRoute(this, 'Default', {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: toRedirect,
    });
    return this.addStage();
  }

  /** Every request is a line of this log, which is why it is off by default: decision 22. */
  private accessLogSettings(): IAccessLogSettings {
    const group = new LogGroup(this, 'AccessLogs', {
      // With this prefix all such groups of an account share one entry of CloudWatch Logs' resource policy. Each would
      // add its own otherwise, until the policy is full at 5,120 characters and no stage can log any more.
      logGroupName: `/aws/vendedlogs/${Stack.of(this).stackName}/http-access`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return { destination: new LogGroupLogDestination(group), format: ACCESS_LOG };
  }

  private addStage(): IHttpStage {
    const stage = this.api.addStage('Stage', {
      stageName: '$default',
      autoDeploy: true,
      ...(this.settings.accessLog ? { accessLogSettings: this.accessLogSettings() } : {}),
    });
    const cfnStage = stage.node.defaultChild as CfnStage;
    cfnStage.defaultRouteSettings = {
      throttlingRateLimit: this.settings.clickRateLimit,
      throttlingBurstLimit: this.settings.clickBurstLimit,
    };
    const limited = ROUTES.map(({ method, path, endpoint }) => [
      `${method} ${path}`,
      throttleOf(endpoint.throttle),
    ]);
    cfnStage.routeSettings = Object.fromEntries(limited);
    // Route settings name routes, so the routes must exist before the stage.
    cfnStage.node.addDependency(...this.node.children.filter((child) => child instanceof HttpRoute));
    return stage;
  }
}
