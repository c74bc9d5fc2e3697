import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from '@widget-store/dev';
import { containerEnvironment, readComposeFile } from '../deployment/composeFile';
import { readRepositoryFile } from '../support/repositoryFile';
import { alertRules, dashboardExpressions, metricsIn } from './promql';

/**
 * Prometheus and Grafana as docker-compose.yml starts them. Their files refer to each other by name, so a test compares
 * the names.
 */
describe('the observability profile', () => {
  const { services } = readComposeFile();
  const read = (path: string): unknown => parse(readRepositoryFile(path));
  const prometheus = read('observability/prometheus.yml') as {
    rule_files: string[];
    scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
  };
  const { datasources } = read('observability/grafana/datasources.yml') as {
    datasources: { uid: string; type: string; url: string }[];
  };
  const dashboard = JSON.parse(readRepositoryFile('observability/dashboard.json')) as {
    panels: { id: number; title: string; datasource: { type: string; uid: string }; targets: { expr: string }[] }[];
  };
  /** Returns the files of the repository that a container mounts, by their path in the container. */
  const mounted = (name: string): Map<string, string> =>
    new Map(
      (services[name]?.volumes ?? [])
        .filter((volume) => volume.startsWith('./'))
        .map((volume) => volume.split(':'))
        .map(([from = '', to = '']) => [to, from]),
    );
  const environmentOf = (name: string) => services[name]?.environment ?? {};

  it('contains Prometheus and Grafana; the only other profile contains the Temporal CLI', () => {
    const profiles = Object.entries(services).flatMap(([name, { profiles: of }]) => (of ? [[name, ...of]] : []));
    expect(profiles).toEqual([
      ['temporal-cli', 'tools'],
      ['prometheus', 'observability'],
      ['grafana', 'observability'],
    ]);
  });

  it.each(['prometheus', 'grafana'])('%s mounts only files that exist, and mounts them read-only', (name) => {
    const files = (services[name]?.volumes ?? []).filter((volume) => volume.startsWith('./'));
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(file).toMatch(/:ro$/);
    for (const file of mounted(name).values())
      expect([file, existsSync(join(repositoryRoot, file))]).toEqual([file, true]);
  });

  it('prometheus finds its configuration and its rules', () => {
    const files = mounted('prometheus');
    const config = '/etc/prometheus/prometheus.yml';
    expect(services['prometheus']?.command).toContain(`--config.file=${config}`);
    expect(files.get(config)).toBe('./observability/prometheus.yml');
    const rules = prometheus.rule_files.map((file) => files.get(`/etc/prometheus/${file}`));
    expect(rules).toEqual(['./observability/alerts.yml']);
  });

  it('prometheus scrapes the ports that api and worker serve metrics on', () => {
    const targets = prometheus.scrape_configs.map(({ job_name: job, static_configs: configs }) => [
      job,
      ...configs.flatMap((config) => config.targets),
    ]);
    expect(targets).toEqual([
      ['api', `api:${environmentOf('api')['METRICS_PORT']}`],
      ['worker', `worker:${environmentOf('worker')['WORKER_PORT']}`],
      ['temporal-sdk', `worker:${environmentOf('worker')['TEMPORAL_METRICS_PORT']}`],
    ]);
    // Prometheus runs in another container and must reach api and worker.
    for (const name of ['api', 'worker']) expect(environmentOf(name)['HOST']).toBe('0.0.0.0');
  });

  it('the ports of the metrics are not published', () => {
    const published = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(published.filter((port) => /:(9464|9465)$/.test(port))).toEqual([]);
  });

  it('the panels of the dashboard query the provisioned data source', () => {
    const port = services['prometheus']?.ports?.[0]?.split(':').at(-1);
    expect(datasources).toMatchObject([{ type: 'prometheus', url: `http://prometheus:${port}` }]);
    const asked = dashboard.panels.map(({ datasource }) => `${datasource.type} ${datasource.uid}`);
    expect([...new Set(asked)]).toEqual([`prometheus ${datasources[0]?.uid}`]);
  });

  it('grafana finds its data source and its dashboard', () => {
    const files = mounted('grafana');
    const { providers } = read('observability/grafana/dashboards.yml') as {
      providers: { options: { path: string } }[];
    };
    const shown = environmentOf('grafana')['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'];
    expect(files.get(String(shown))).toBe('./observability/dashboard.json');
    expect(providers.map(({ options }) => options.path)).toEqual([String(shown).replace(/\/[^/]+$/, '')]);
    const provisioned = [...files].filter(([to]) => to.startsWith('/etc/grafana/provisioning/'));
    expect(Object.fromEntries(provisioned)).toEqual({
      '/etc/grafana/provisioning/datasources/widget-store.yml': './observability/grafana/datasources.yml',
      '/etc/grafana/provisioning/dashboards/widget-store.yml': './observability/grafana/dashboards.yml',
    });
  });

  it('grafana has no account with a default password', () => {
    const environment = containerEnvironment(services['grafana'] ?? {}, {});
    expect(environment).toMatchObject({
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
      GF_AUTH_BASIC_ENABLED: 'false',
      GF_AUTH_DISABLE_LOGIN_FORM: 'true',
      GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
    });
  });

  it('the panels of the dashboard have unique ids and titles, and query at least as many metrics as there are panels', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    expect(dashboardExpressions().flatMap(metricsIn).length).toBeGreaterThanOrEqual(panels.length);
  });

  it('every alert has a chapter in the runbook, a test in which it fires, and a test in which it does not', () => {
    const file = read('observability/alerts.test.yml') as {
      tests: { alert_rule_test: { alertname: string; exp_alerts?: object[] }[] }[];
    };
    const tests = file.tests.flatMap(({ alert_rule_test: cases }) => cases);
    const [, chapters = ''] = readRepositoryFile('docs/runbook.md').split('\n## Alerts\n');
    const names = alertRules().map(({ alert }) => alert);
    expect([...chapters.matchAll(/^### (\w+)$/gm)].map(([, name = '']) => name).toSorted()).toEqual(names.toSorted());
    for (const { alert, annotations } of alertRules()) {
      const chapter = chapters.split(`\n### ${alert}\n`)[1]?.split('\n### ')[0] ?? '';
      for (const part of ['Means', 'Look', 'Repair', 'Worked']) expect(chapter).toContain(`**${part}.** `);
      expect(annotations.runbook).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
      const fires = tests
        .filter(({ alertname }) => alertname === alert)
        .map((one) => (one.exp_alerts ?? []).length > 0);
      expect([alert, new Set(fires)]).toEqual([alert, new Set([true, false])]);
    }
  });
});
