import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  HttpApi,
  type HttpMethod,
  HttpRoute,
  HttpRouteKey,
  type IHttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  API_CATCH_ALLS,
  API_ROUTES,
  PAGE_ROUTES,
  REDIRECT_ROUTES,
  type Route,
  type RouteFunction,
} from '../lambdas/core/routes.ts';

// Requests per second, and the burst beyond. All APIs of an account and region share its own limit
// (10,000 per second unless raised), so management gets little and can't starve redirects.
const CLICK_THROTTLE = { ThrottlingRateLimit: 5_000, ThrottlingBurstLimit: 2_500 };
const API_THROTTLE = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 };

/** All that is not a click. */
const MANAGEMENT_ROUTES = [...API_ROUTES, ...PAGE_ROUTES, ...API_CATCH_ALLS];

/** No source address, no path and no query string: keys and webhooks' secrets travel there. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    time: '$context.requestTime',
    route: '$context.routeKey',
    status: '$context.status',
    bytes: '$context.responseLength',
    latencyMs: '$context.responseLatency',
    integrationError: '$context.integrationErrorMessage',
  }),
);

/** The HTTP API: where requests come in. Routes are added when the functions exist. */
export class HttpEntry extends Construct {
  readonly api: HttpApi;
  readonly accessLog: LogGroup;

  constructor(scope: Construct) {
    super(scope, 'Http');
    this.api = new HttpApi(this, 'Api', { createDefaultStage: false, description: 'Clickhook' });
    this.accessLog = new LogGroup(this, 'AccessLogs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** Connects every route to its function. @returns the stage that serves them */
  addRoutes(functions: Record<RouteFunction, IFunction>): IHttpStage {
    const integrations = new Map<RouteFunction, HttpLambdaIntegration>();
    const integration = (name: RouteFunction): HttpLambdaIntegration => {
      const known = integrations.get(name) ?? new HttpLambdaIntegration(name, functions[name]);
      integrations.set(name, known);
      return known;
    };
    const add = ({ method, path, function: name }: Route) =>
      new HttpRoute(this, `${method} ${path}`.replaceAll('/', '.'), {
        httpApi: this.api,
        routeKey: HttpRouteKey.with(path, method as HttpMethod),
        integration: integration(name),
      });
    for (const route of [...MANAGEMENT_ROUTES, ...REDIRECT_ROUTES]) add(route);
    new HttpRoute(this, 'Default', {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: integration('Redirect'),
    });
    return this.addStage();
  }

  private addStage(): IHttpStage {
    const stage = this.api.addStage('Stage', {
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destination: new LogGroupLogDestination(this.accessLog), format: ACCESS_LOG },
    });
    const cfnStage = stage.node.defaultChild as CfnStage;
    cfnStage.defaultRouteSettings = {
      throttlingRateLimit: CLICK_THROTTLE.ThrottlingRateLimit,
      throttlingBurstLimit: CLICK_THROTTLE.ThrottlingBurstLimit,
    };
    const limited = MANAGEMENT_ROUTES.map(({ method, path }) => [`${method} ${path}`, API_THROTTLE]);
    cfnStage.routeSettings = Object.fromEntries(limited);
    // Route settings name routes, which must exist before the stage does.
    cfnStage.node.addDependency(...this.node.children.filter((child) => child instanceof HttpRoute));
    return stage;
  }
}
