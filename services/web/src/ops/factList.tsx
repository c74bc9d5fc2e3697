import type { ReactNode } from 'react';

interface FactListProps {
  /** Names and values. A fact whose value is null is left out. */
  facts: [name: string, value: ReactNode][];
  /** The class of the values. */
  valueClass?: string;
}

export function FactList({ facts, valueClass }: FactListProps) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name} className="ops-fact">
            <dt>{name}</dt>
            <dd className={valueClass}>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
