CREATE TABLE "order_items" (
	"order_id" text NOT NULL,
	"product_id" integer NOT NULL,
	"quantity" integer NOT NULL,
	"unit_price_minor" integer NOT NULL,
	CONSTRAINT "order_items_order_id_product_id_pk" PRIMARY KEY("order_id","product_id"),
	CONSTRAINT "order_items_quantity_positive" CHECK ("order_items"."quantity" > 0),
	CONSTRAINT "order_items_price_not_negative" CHECK ("order_items"."unit_price_minor" >= 0)
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"order_id" text PRIMARY KEY NOT NULL,
	"sequence" bigint GENERATED ALWAYS AS IDENTITY (sequence name "orders_sequence_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"idempotency_key" text NOT NULL,
	"payment_id" text,
	"status" text NOT NULL,
	"payment_status" text NOT NULL,
	"cancel_reason" text,
	"total_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"progress_remaining" integer DEFAULT 10 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "orders_status_known" CHECK ("orders"."status" in ('PENDING', 'PAID', 'DISPATCHED', 'CANCELLED')),
	CONSTRAINT "orders_payment_status_known" CHECK ("orders"."payment_status" in ('none', 'pending', 'paid', 'failed', 'expired', 'cancelled')),
	CONSTRAINT "orders_cancel_reason_known" CHECK ("orders"."cancel_reason" in ('sold_out', 'payment_failed', 'payment_expired', 'cancelled')),
	CONSTRAINT "orders_cancelled_has_reason" CHECK (("orders"."status" = 'CANCELLED') = ("orders"."cancel_reason" is not null)),
	CONSTRAINT "orders_paid_before_dispatch" CHECK (("orders"."status" in ('PAID', 'DISPATCHED')) = ("orders"."payment_status" = 'paid')),
	CONSTRAINT "orders_payment_unless_sold_out" CHECK (("orders"."payment_id" is null) = ("orders"."cancel_reason" is not distinct from 'sold_out')),
	CONSTRAINT "orders_progress_range" CHECK ("orders"."progress_remaining" between 0 and 10),
	CONSTRAINT "orders_dispatched_at_zero" CHECK (("orders"."status" = 'DISPATCHED') = ("orders"."progress_remaining" = 0)),
	CONSTRAINT "orders_progress_only_when_paid" CHECK ("orders"."progress_remaining" = 10 or "orders"."status" in ('PAID', 'DISPATCHED')),
	CONSTRAINT "orders_total_not_negative" CHECK ("orders"."total_minor" >= 0),
	CONSTRAINT "orders_currency_iso_4217" CHECK ("orders"."currency" ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
CREATE TABLE "products" (
	"product_id" integer PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"price_minor" integer NOT NULL,
	"currency" text NOT NULL,
	"inventory" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "products_price_not_negative" CHECK ("products"."price_minor" >= 0),
	CONSTRAINT "products_inventory_not_negative" CHECK ("products"."inventory" >= 0),
	CONSTRAINT "products_currency_iso_4217" CHECK ("products"."currency" ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
CREATE TABLE "stock_movements" (
	"movement_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "stock_movements_movement_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"product_id" integer NOT NULL,
	"order_id" text,
	"kind" text NOT NULL,
	"quantity" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "stock_movements_kind_known" CHECK ("stock_movements"."kind" in ('seed', 'restock', 'hold', 'release')),
	CONSTRAINT "stock_movements_order_kinds" CHECK (("stock_movements"."order_id" is not null) = ("stock_movements"."kind" in ('hold', 'release'))),
	CONSTRAINT "stock_movements_hold_takes" CHECK ("stock_movements"."kind" <> 'hold' or "stock_movements"."quantity" < 0),
	CONSTRAINT "stock_movements_release_gives" CHECK ("stock_movements"."kind" <> 'release' or "stock_movements"."quantity" > 0),
	CONSTRAINT "stock_movements_not_zero" CHECK ("stock_movements"."quantity" <> 0)
);
--> statement-breakpoint
ALTER TABLE "order_items" ADD CONSTRAINT "order_items_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_items" ADD CONSTRAINT "order_items_product_id_products_product_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("product_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_movements" ADD CONSTRAINT "stock_movements_product_id_products_product_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("product_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_movements" ADD CONSTRAINT "stock_movements_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "orders_sequence_key" ON "orders" USING btree ("sequence");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_idempotency_key_key" ON "orders" USING btree ("idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_payment_id_key" ON "orders" USING btree ("payment_id");--> statement-breakpoint
CREATE UNIQUE INDEX "stock_movements_once" ON "stock_movements" USING btree ("order_id","product_id","kind");--> statement-breakpoint
CREATE INDEX "stock_movements_product_id" ON "stock_movements" USING btree ("product_id");