DROP INDEX "stock_movements_product_id";--> statement-breakpoint
CREATE INDEX "orders_unfinished" ON "orders" USING btree ("sequence") WHERE "orders"."status" in ('PENDING', 'PAID') or "orders"."payment_status" = 'refunding';--> statement-breakpoint
CREATE INDEX "stock_movements_product_quantity" ON "stock_movements" USING btree ("product_id","quantity");