import { stockMovementNames } from '@widget-store/contract';
import { useId } from 'react';
import { Link } from 'wouter';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { formatCount, formatDateTime } from '../format.js';
import { opsOrderPath } from './paths.js';
import { failureText } from './failureText.js';
import { NextPageButton } from './nextPageButton.js';
import { useStockFile, type useStockBook } from './queries.js';
import { saveFile } from './saveFile.js';
import { opsTexts } from './texts.js';

interface StockBookProps {
  productId: number;
  book: ReturnType<typeof useStockBook>;
}

/** The changes of the stock of a product, newest first. Says who made each change, why and when. */
export function StockBook({ productId, book }: StockBookProps) {
  const file = useStockFile();
  const id = useId();
  const movements = book.data?.pages.flatMap((page) => page.movements) ?? [];
  return (
    <section className="ops-section" aria-labelledby={id}>
      <h2 id={id}>{opsTexts.stock.bookTitle}</h2>
      {movements.length === 0 && <p>{opsTexts.stock.empty}</p>}
      <ul className="ops-book">
        {movements.map((entry) => (
          <li key={entry.movement_id}>
            <div>
              <strong>{`${entry.change > 0 ? '+' : ''}${formatCount(entry.change)}`}</strong>{' '}
              {stockMovementNames[entry.reason]}
              {entry.note !== null && `: ${entry.note}`}
              <p className="small">
                {[formatDateTime(entry.created_at), entry.requested_by, opsTexts.stock.left(entry.inventory)]
                  .filter((part) => part !== null)
                  .join(' · ')}
              </p>
            </div>
            {entry.order_id !== null && (
              <Link href={opsOrderPath(entry.order_id)}>{`${opsTexts.orderTitle} ${entry.order_number ?? ''}`}</Link>
            )}
          </li>
        ))}
      </ul>
      <div className="actions">
        <NextPageButton list={book} text={opsTexts.stock.older} />
        <Button
          pending={file.isPending ? opsTexts.actions.working : null}
          onPress={() => file.mutate(productId, { onSuccess: saveFile })}
        >
          {opsTexts.stock.file}
        </Button>
      </div>
      <Notice>{file.data === undefined ? null : opsTexts.fileSaved(file.data.name)}</Notice>
      <Notice tone="error">{failureText(file.error)}</Notice>
    </section>
  );
}
