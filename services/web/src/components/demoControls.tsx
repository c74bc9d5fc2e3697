import { Link } from 'wouter';
import { finalText, waitingText } from '../failureTexts.js';
import { routes } from '../paths.js';
import { useCrash, useRestock, useSettings } from '../queries.js';
import { texts } from '../texts.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

interface DemoControlsProps {
  withRestock?: boolean;
  /** The path of the matching operations page. */
  operations?: string;
}

/** Controls for demonstrations, in demo mode only. */
export function DemoControls(props: DemoControlsProps) {
  const { data: settings } = useSettings();
  return settings?.demo === true ? <Controls {...props} /> : null;
}

function Controls({ withRestock = false, operations = routes.ops }: DemoControlsProps) {
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
        <Link href={operations} className="button">
          {texts.demo.operations}
        </Link>
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
  const { notAllowed } = texts.demo;
  return waitingText(reason) ?? finalText(reason, { not_found: notAllowed, not_allowed: notAllowed });
}
