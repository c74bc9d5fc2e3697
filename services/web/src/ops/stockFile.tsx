import { useState } from 'react';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { failureText } from './failureText.js';
import { useAllStockFile } from './queries.js';
import { saveFile } from './saveFile.js';
import { opsTexts } from './texts.js';

/**
 * Saves the changes of the stock of all products on the chosen days. The form is folded, because most visits do not
 * need it.
 */
export function AllStockFile() {
  const [period, setPeriod] = useState({ from: '', to: '' });
  const { mutate, reset, isPending, data: saved, error } = useAllStockFile();
  const edit = (changed: Partial<typeof period>): void => {
    setPeriod({ ...period, ...changed });
    if (!isPending) reset();
  };
  const { allTitle, from, to, file } = opsTexts.stock;
  return (
    <details className="ops-section">
      <summary>{allTitle}</summary>
      <div className="ops-form">
        <label className="ops-day">
          {from}
          <input type="date" value={period.from} onChange={({ target }) => edit({ from: target.value })} />
        </label>
        <label className="ops-day">
          {to}
          <input type="date" value={period.to} onChange={({ target }) => edit({ to: target.value })} />
        </label>
        <Button
          pending={isPending ? opsTexts.actions.working : null}
          onPress={() => mutate(period, { onSuccess: saveFile })}
        >
          {file}
        </Button>
      </div>
      <Notice>{saved === undefined ? null : opsTexts.fileSaved(saved.name)}</Notice>
      <Notice tone="error">{failureText(error)}</Notice>
    </details>
  );
}
