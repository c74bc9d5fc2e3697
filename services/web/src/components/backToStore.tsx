import { pagePaths } from '@widget-store/contract';
import { Link } from 'wouter';
import { texts } from '../texts.js';

export function BackToStore() {
  return (
    <p className="back">
      <Link href={pagePaths.home}>{texts.backToStore}</Link>
    </p>
  );
}
