// The seed, with the products in TEST_PRODUCTS (JSON) instead of those of the shop.
const { seedCatalogue } = require('@widget-store/db');
const { runProgram } = require('@widget-store/runtime');

const { DATABASE_URL: url, TEST_PRODUCTS: products } = process.env;

void runProgram('seed', () => seedCatalogue(url, JSON.parse(products)));
