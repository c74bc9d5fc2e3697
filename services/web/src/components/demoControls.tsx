import { errorText, retryingText } from '../failureTexts.js';
import { OpsLink } from '../ops/entry.js';
import { useCrash, useRestock, useSettings } from '../queries.js';
import { texts } from '../texts.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

interface DemoControlsProps {
  withRestock?: boolean;
  /** The order to whose operations page the controls link. */
  orderId?: string;
}

/** The controls for demonstrations. Shown only in demo mode. */
export function DemoControls(props: DemoControlsProps) {
  const { data: settings } = useSettings();
  return settings?.demo === true ? <Controls {...props} /> : null;
}

function Controls({ withRestock = false, orderId }: DemoControlsProps) {
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
        <OpsLink orderId={orderId} />
      </div>
      <Notice>{outcomeText({ restock, crash })}</Notice>
    </aside>
  );
}

interface ActionState {
  status: 'idle' | 'pending' | 'success' | 'error';
  failureReason: unknown;
}

function outcomeText({ restock, crash }: { restock: ActionState; crash: ActionState }): string | null {
  if (restock.status === 'success') return texts.demo.restocked;
  if (crash.status === 'success') return texts.demo.crashed;
  const reason: unknown = restock.failureReason ?? crash.failureReason;
  const { notAllowed } = texts.demo;
  return retryingText(reason) ?? errorText(reason, { not_found: notAllowed, not_allowed: notAllowed });
}
