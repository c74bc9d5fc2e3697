import { Component } from 'react';
import type { ReactNode } from 'react';
import { texts } from '../texts.js';
import { Button } from './button.js';
import { Notice } from './notice.js';
import { Page } from './page.js';

interface State {
  failed: boolean;
}

/** Shows an error page if a page throws. React logs the error to the console. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Page title={texts.errorPage.title}>
        <Notice tone="error">{texts.errorPage.text}</Notice>
        <Button onPress={() => window.location.reload()}>{texts.errorPage.reload}</Button>
      </Page>
    );
  }
}
