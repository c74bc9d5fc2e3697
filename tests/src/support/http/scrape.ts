interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Scrape {
  text: string;
  samples: Sample[];
  /** The names of the series. A histogram has several, such as `…_bucket` and `…_sum`. */
  names: string[];
  /** Returns the value of the first series with this name. */
  value(name: string): number | undefined;
}

/** Reads `GET /metrics` in Prometheus's text format. */
export async function scrape(url: string): Promise<Scrape> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const samples = text
    .split('\n')
    .map((line) => /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line))
    .filter((match) => match !== null)
    .map(([, name = '', labels = '', value = '']) => ({ name, labels: labelsOf(labels), value: Number(value) }));
  return {
    text,
    samples,
    names: [...new Set(samples.map(({ name }) => name))],
    value: (name) => samples.find((sample) => sample.name === name)?.value,
  };
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
}
