import { stripeUnderTest } from '../../support/gateway/stripe/underTest';
import { testGatewayContract } from '../gatewayContract';

testGatewayContract('Stripe', stripeUnderTest);
