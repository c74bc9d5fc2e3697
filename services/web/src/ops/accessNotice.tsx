import { Notice } from '../components/notice.js';
import { failureCode } from '../failures.js';
import { retryingText } from '../failureTexts.js';
import { texts } from '../texts.js';
import { opsTexts } from './texts.js';
import { setAdminToken, useAdminToken } from './token.js';

/** Asks for the admin token when the api denies access, and shows any other failure. */
export function AccessNotice({ error, notFound = texts.unexpected }: { error: unknown; notFound?: string }) {
  const token = useAdminToken();
  const code = error === null ? null : failureCode(error);
  return (
    <>
      <Notice tone={code === 'not_allowed' && token === null ? 'info' : 'error'}>
        {code === null ? null : code === 'not_allowed' ? deniedText(token) : otherText({ error, notFound })}
      </Notice>
      {code === 'not_allowed' && <TokenField />}
    </>
  );
}

function TokenField() {
  return (
    <form
      className="ops-form"
      onSubmit={(event) => {
        event.preventDefault();
        const entered = new FormData(event.currentTarget).get('token');
        if (typeof entered === 'string' && entered.trim() !== '') setAdminToken(entered.trim());
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
  return retryingText(error) ?? (failureCode(error) === 'not_found' ? notFound : texts.unexpected);
}
