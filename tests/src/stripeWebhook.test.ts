import { freePort } from '@widget-store/dev';
import Stripe from 'stripe';
import { setAvailable, stockOf } from './support/database';
import { eventually } from './support/eventually';
import { scrape } from './support/scrape';
