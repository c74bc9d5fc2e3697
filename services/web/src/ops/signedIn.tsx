import { Button } from '../components/button.js';
import { timeZone } from './days.js';
import { useOperator } from './queries.js';
import { opsTexts } from './texts.js';
import { setAdminToken, useAdminToken } from './token.js';

/** Says who uses the page, whether their access is read-only, and which time zone all times on the page have. */
export function SignedIn() {
  const operator = useOperator();
  const token = useAdminToken();
  const sentences = [
    ...(operator === undefined || token === null ? [] : [opsTexts.operator.signedIn(operator.name)]),
    ...(operator?.access === 'read' ? [opsTexts.operator.readOnly] : []),
    opsTexts.times(timeZone()),
  ];
  return (
    <div className="ops-signed-in">
      <p className="small">{sentences.join(' ')}</p>
      {token !== null && (
        <Button kind="quiet" onPress={() => setAdminToken(null)}>
          {opsTexts.token.forget}
        </Button>
      )}
    </div>
  );
}
