import { Link } from 'wouter';
import { routes } from '../paths.js';
import { texts } from '../texts.js';

export function BackToStore() {
  return (
    <p className="back">
      <Link href={routes.home}>{texts.backToStore}</Link>
    </p>
  );
}
