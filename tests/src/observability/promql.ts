import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { readRepositoryFile } from '../support/repositoryFile';

interface AlertRule {
  alert: string;
  expr: string;
  annotations: { summary: string; runbook: string };
}

export function alertRules(): AlertRule[] {
  const file = parse(readRepositoryFile('observability/alerts.yml')) as {
    groups: { rules: AlertRule[] }[];
  };
  return file.groups.flatMap(({ rules }) => rules);
}

export function dashboardExpressions(): string[] {
  const dashboard = JSON.parse(readRepositoryFile('observability/dashboard.json')) as {
    panels: { targets: { expr: string }[] }[];
  };
  return dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
}

/**
 * Returns the metrics that an expression reads, parsed with Prometheus's own grammar.
 *
 * @throws Error if the expression is not PromQL
 */
export function metricsIn(expression: string): string[] {
  const metrics: string[] = [];
  parser.parse(expression).iterate({
    enter: (node) => {
      if (node.type.isError) throw new Error(`not PromQL: ${expression}`);
      if (node.name === 'Identifier' && node.matchContext(['VectorSelector'])) {
        metrics.push(expression.slice(node.from, node.to));
      }
    },
  });
  return metrics;
}
