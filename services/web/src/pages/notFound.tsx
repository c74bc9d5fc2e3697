import { BackToStore } from '../components/backToStore.js';
import { Page } from '../components/page.js';
import { texts } from '../texts.js';

export function NotFoundPage() {
  return (
    <Page title={texts.notFound.title}>
      <p>{texts.notFound.text}</p>
      <BackToStore />
    </Page>
  );
}
