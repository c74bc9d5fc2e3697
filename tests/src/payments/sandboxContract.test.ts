import { sandboxUnderTest } from '../support/gateway/gatewayUnderTest';
import { testGatewayContract } from './gatewayContract';

testGatewayContract('the sandbox gateway', sandboxUnderTest);
