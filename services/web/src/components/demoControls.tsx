import { failureCode } from '../failures.js';
import { useCrash, useRestock } from '../queries.js';
import { texts } from '../texts.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

/** The controls of a demonstration, apart from what a shopper needs. */
export function DemoControls({ withRestock = false }: { withRestock?: boolean }) {
  const restock = useRestock();
  const crash = useCrash();
  return (
    <aside className="demo" aria-labelledby="demo-title">
      <h2 id="demo-title">{texts.demo.title}</h2>
      <p>{texts.demo.intro}</p>
      <div className="actions">
        {withRestock && (
          <Button
            pending={restock.isPending ? texts.demo.restocking : null}
            onPress={() => {
              crash.reset();
              restock.mutate();
            }}
          >
            {texts.demo.restock}
          </Button>
        )}
        <Button
          kind="danger"
          pending={crash.isPending ? texts.demo.crashing : null}
          onPress={() => {
            restock.reset();
            crash.mutate();
          }}
        >
          {texts.demo.crash}
        </Button>
      </div>
      <Notice>{outcomeText({ restock, crash })}</Notice>
    </aside>
  );
}

interface Outcome {
  status: 'idle' | 'pending' | 'success' | 'error';
  failureReason: unknown;
}

function outcomeText({ restock, crash }: { restock: Outcome; crash: Outcome }): string | null {
  if (restock.status === 'success') return texts.demo.restocked;
  if (crash.status === 'success') return texts.demo.crashed;
  const reason: unknown = restock.failureReason ?? crash.failureReason;
  if (reason === null) return null;
  switch (failureCode(reason)) {
    case 'away':
      return texts.away;
    case 'not_found':
    case 'not_allowed':
      return texts.demo.notAllowed;
    default:
      return texts.broken;
  }
}
