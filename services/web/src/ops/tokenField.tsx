import { Notice } from '../components/notice.js';
import { failureCode } from '../failures.js';
import { waitingText } from '../failureTexts.js';
import { texts } from '../texts.js';
import { opsTexts } from './texts.js';
import { keepAdminToken, useAdminToken } from './token.js';

/** Asks for the admin token when the api denies access, and shows any other failure. */
export function Access({ error, notFound = texts.broken }: { error: unknown; notFound?: string }) {
  const token = useAdminToken();
  const code = error === null ? null : failureCode(error);
  return (
    <>
      <Notice tone={code === 'not_allowed' && token === null ? 'info' : 'error'}>
        {code === null ? null : code === 'not_allowed' ? deniedText(token) : otherText({ error, notFound })}
      </Notice>
      {code === 'not_allowed' && <TokenField />}
      {code !== 'not_allowed' && token !== null && (
        <p>
          <button type="button" className="ops-quiet" onClick={() => keepAdminToken(null)}>
            {opsTexts.token.forget}
          </button>
        </p>
      )}
    </>
  );
}

function TokenField() {
  return (
    <form
      className="ops-form"
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget).get('token');
        if (typeof given === 'string' && given.trim() !== '') keepAdminToken(given.trim());
      }}
    >
      <label>
        {opsTexts.token.label}
        <input name="token" type="password" autoComplete="off" required />
      </label>
      <button type="submit" className="button button-primary">
        {opsTexts.token.use}
      </button>
    </form>
  );
}

function deniedText(token: string | null): string {
  return token === null ? opsTexts.token.missing : opsTexts.token.wrong;
}

function otherText({ error, notFound }: { error: unknown; notFound: string }): string {
  return waitingText(error) ?? (failureCode(error) === 'not_found' ? notFound : texts.broken);
}
