CREATE TABLE "comparisons" (
	"name" text PRIMARY KEY NOT NULL,
	"compared_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "disputes" (
	"dispute_id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"gateway_dispute_id" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "disputes_status_known" CHECK ("disputes"."status" in ('open', 'won', 'lost')),
	CONSTRAINT "disputes_amount_not_negative" CHECK ("disputes"."amount_minor" >= 0)
);
--> statement-breakpoint
CREATE TABLE "order_events" (
	"order_id" text NOT NULL,
	"version" integer NOT NULL,
	"status" text NOT NULL,
	"payment_status" text NOT NULL,
	"payment_event_id" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "order_events_order_id_version_pk" PRIMARY KEY("order_id","version")
);
--> statement-breakpoint
CREATE TABLE "order_items" (
	"order_id" text NOT NULL,
	"product_id" integer NOT NULL,
	"name" text NOT NULL,
	"image_url" text,
	"quantity" integer NOT NULL,
	"unit_price_minor" integer NOT NULL,
	"returned" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "order_items_order_id_product_id_pk" PRIMARY KEY("order_id","product_id"),
	CONSTRAINT "order_items_quantity_positive" CHECK ("order_items"."quantity" > 0),
	CONSTRAINT "order_items_price_not_negative" CHECK ("order_items"."unit_price_minor" >= 0),
	CONSTRAINT "order_items_returned_at_most_sold" CHECK ("order_items"."returned" between 0 and "order_items"."quantity")
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"order_id" text PRIMARY KEY NOT NULL,
	"sequence" bigint GENERATED ALWAYS AS IDENTITY (sequence name "orders_sequence_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"idempotency_key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"request_id" text NOT NULL,
	"payment_id" text,
	"status" text NOT NULL,
	"payment_status" text NOT NULL,
	"payment_event_id" text,
	"cancel_reason" text,
	"total_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"adjustments" jsonb DEFAULT '[]' NOT NULL,
	"captured_minor" bigint DEFAULT 0 NOT NULL,
	"refunded_minor" bigint DEFAULT 0 NOT NULL,
	"refunding_minor" bigint DEFAULT 0 NOT NULL,
	"disputed_minor" bigint DEFAULT 0 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"progress_remaining" integer DEFAULT 10 NOT NULL,
	"fulfilment" text DEFAULT 'demo' NOT NULL,
	"shipping_countries" text[],
	"all_returned" boolean DEFAULT false NOT NULL,
	"all_paid_back" boolean DEFAULT false NOT NULL,
	"ready_at" timestamp with time zone,
	"shipped_at" timestamp with time zone,
	"carrier" text,
	"tracking_url" text,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "orders_status_known" CHECK ("orders"."status" in ('PENDING', 'PAID', 'DISPATCHED', 'CANCELLED')),
	CONSTRAINT "orders_payment_status_known" CHECK ("orders"."payment_status" in ('none', 'pending', 'paid', 'failed', 'expired', 'cancelled', 'refunding', 'partially_refunded', 'refunded')),
	CONSTRAINT "orders_cancel_reason_known" CHECK ("orders"."cancel_reason" in ('sold_out', 'payment_failed', 'payment_expired', 'cancelled')),
	CONSTRAINT "orders_cancelled_has_reason" CHECK (("orders"."status" = 'CANCELLED') = ("orders"."cancel_reason" is not null)),
	CONSTRAINT "orders_paid_before_dispatch" CHECK (("orders"."status" not in ('PAID', 'DISPATCHED') or "orders"."captured_minor" > 0) and ("orders"."status" <> 'PENDING' or "orders"."captured_minor" = 0)),
	CONSTRAINT "orders_refunds_within_capture" CHECK (0 <= "orders"."refunding_minor" and "orders"."refunding_minor" <= "orders"."refunded_minor" and "orders"."refunded_minor" <= "orders"."captured_minor"),
	CONSTRAINT "orders_disputed_not_negative" CHECK ("orders"."disputed_minor" >= 0),
	CONSTRAINT "orders_payment_status_of_refunds" CHECK (case when "orders"."captured_minor" = 0 then "orders"."payment_status" not in ('paid', 'refunding', 'partially_refunded') else "orders"."payment_status" = case when "orders"."refunding_minor" > 0 then 'refunding' when "orders"."refunded_minor" = 0 then 'paid' when "orders"."refunded_minor" < "orders"."captured_minor" then 'partially_refunded' else 'refunded' end end),
	CONSTRAINT "orders_payment_unless_sold_out" CHECK (("orders"."payment_id" is null) = ("orders"."cancel_reason" is not distinct from 'sold_out')),
	CONSTRAINT "orders_progress_range" CHECK ("orders"."progress_remaining" between 0 and 10),
	CONSTRAINT "orders_dispatched_at_zero" CHECK (("orders"."status" = 'DISPATCHED') = ("orders"."progress_remaining" = 0)),
	CONSTRAINT "orders_progress_only_when_paid" CHECK ("orders"."progress_remaining" = 10 or "orders"."captured_minor" > 0 or "orders"."payment_status" = 'refunded'),
	CONSTRAINT "orders_shipping_countries_not_empty" CHECK (cardinality("orders"."shipping_countries") > 0),
	CONSTRAINT "orders_fulfilment_known" CHECK ("orders"."fulfilment" in ('demo', 'manual')),
	CONSTRAINT "orders_manual_without_ticks" CHECK ("orders"."fulfilment" = 'demo' or "orders"."progress_remaining" in (0, 10)),
	CONSTRAINT "orders_ready_when_paid" CHECK ("orders"."ready_at" is null or ("orders"."fulfilment" = 'manual' and "orders"."captured_minor" > 0)),
	CONSTRAINT "orders_manual_shipped" CHECK (("orders"."shipped_at" is not null) = ("orders"."fulfilment" = 'manual' and "orders"."status" = 'DISPATCHED')),
	CONSTRAINT "orders_parcel_when_shipped" CHECK ("orders"."shipped_at" is not null or ("orders"."carrier" is null and "orders"."tracking_url" is null)),
	CONSTRAINT "orders_carrier_bounded" CHECK (length("orders"."carrier") between 1 and 100),
	CONSTRAINT "orders_tracking_url_https" CHECK ("orders"."tracking_url" like 'https://%' and length("orders"."tracking_url") <= 2000),
	CONSTRAINT "orders_total_positive" CHECK ("orders"."total_minor" >= 1),
	CONSTRAINT "orders_adjustments_valid" CHECK (jsonb_typeof("orders"."adjustments") = 'array' and jsonb_array_length("orders"."adjustments") <= 20 and jsonb_array_length(jsonb_path_query_array("orders"."adjustments", 'strict $[*] ? ((@.kind == "discount" && @.amount_minor < 0 || (@.kind == "shipping" || @.kind == "tax" || @.kind == "fee") && @.amount_minor > 0) && @.amount_minor.floor() == @.amount_minor && @.label like_regex "^.{1,100}$")')) = jsonb_array_length("orders"."adjustments")),
	CONSTRAINT "orders_currency_iso_4217" CHECK ("orders"."currency" ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
CREATE TABLE "payment_references" (
	"payment_id" text PRIMARY KEY NOT NULL,
	"reference" text NOT NULL,
	"intent" text
);
--> statement-breakpoint
CREATE TABLE "products" (
	"product_id" integer PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"price_minor" integer NOT NULL,
	"currency" text NOT NULL,
	"inventory" bigint DEFAULT 0 NOT NULL,
	"image_url" text,
	"on_sale" boolean DEFAULT true NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"idempotency_key" text,
	"fingerprint" text,
	CONSTRAINT "products_price_positive" CHECK ("products"."price_minor" >= 1),
	CONSTRAINT "products_inventory_not_negative" CHECK ("products"."inventory" >= 0),
	CONSTRAINT "products_image_url_safe" CHECK (("products"."image_url" like 'https://%' or "products"."image_url" like '/drawings/%') and length("products"."image_url") <= 2000),
	CONSTRAINT "products_currency_iso_4217" CHECK (currency in ('AED', 'AFN', 'ALL', 'AMD', 'AOA', 'ARS', 'AUD', 'AWG', 'AZN', 'BAM', 'BBD', 'BDT', 'BHD', 'BIF', 'BMD', 'BND', 'BOB', 'BOV', 'BRL', 'BSD', 'BTN', 'BWP', 'BYN', 'BZD', 'CAD', 'CDF', 'CHE', 'CHF', 'CHW', 'CLF', 'CLP', 'CNY', 'COP', 'COU', 'CRC', 'CUP', 'CVE', 'CZK', 'DJF', 'DKK', 'DOP', 'DZD', 'EGP', 'ERN', 'ETB', 'EUR', 'FJD', 'FKP', 'GBP', 'GEL', 'GHS', 'GIP', 'GMD', 'GNF', 'GTQ', 'GYD', 'HKD', 'HNL', 'HTG', 'HUF', 'IDR', 'ILS', 'INR', 'IQD', 'IRR', 'ISK', 'JMD', 'JOD', 'JPY', 'KES', 'KGS', 'KHR', 'KMF', 'KPW', 'KRW', 'KWD', 'KYD', 'KZT', 'LAK', 'LBP', 'LKR', 'LRD', 'LSL', 'LYD', 'MAD', 'MDL', 'MGA', 'MKD', 'MMK', 'MNT', 'MOP', 'MRU', 'MUR', 'MVR', 'MWK', 'MXN', 'MXV', 'MYR', 'MZN', 'NAD', 'NGN', 'NIO', 'NOK', 'NPR', 'NZD', 'OMR', 'PAB', 'PEN', 'PGK', 'PHP', 'PKR', 'PLN', 'PYG', 'QAR', 'RON', 'RSD', 'RUB', 'RWF', 'SAR', 'SBD', 'SCR', 'SDG', 'SEK', 'SGD', 'SHP', 'SLE', 'SOS', 'SRD', 'SSP', 'STN', 'SVC', 'SYP', 'SZL', 'THB', 'TJS', 'TMT', 'TND', 'TOP', 'TRY', 'TTD', 'TWD', 'TZS', 'UAH', 'UGX', 'USD', 'USN', 'UYI', 'UYU', 'UYW', 'UZS', 'VED', 'VES', 'VND', 'VUV', 'WST', 'XAD', 'XAF', 'XCD', 'XCG', 'XOF', 'XPF', 'YER', 'ZAR', 'ZMW', 'ZWG'))
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"refund_id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"status" text NOT NULL,
	"source" text NOT NULL,
	"reason" text,
	"requested_by" text,
	"fingerprint" text,
	"settled_by" text,
	"gateway_refund_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "refunds_status_known" CHECK ("refunds"."status" in ('pending', 'succeeded', 'failed')),
	CONSTRAINT "refunds_source_known" CHECK ("refunds"."source" in ('operator', 'cancellation', 'late_payment', 'gateway')),
	CONSTRAINT "refunds_amount_not_negative" CHECK ("refunds"."amount_minor" >= 0)
);
--> statement-breakpoint
CREATE TABLE "stock_movements" (
	"movement_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "stock_movements_movement_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"product_id" integer NOT NULL,
	"order_id" text,
	"refund_id" text,
	"kind" text NOT NULL,
	"requested_by" text,
	"idempotency_key" text,
	"note" text,
	"quantity" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "stock_movements_kind_known" CHECK ("stock_movements"."kind" in ('seed', 'restock', 'hold', 'release', 'return', 'received', 'written_off', 'counted')),
	CONSTRAINT "stock_movements_order_kinds" CHECK (("stock_movements"."order_id" is not null) = ("stock_movements"."kind" in ('hold', 'release', 'return'))),
	CONSTRAINT "stock_movements_refund_returns" CHECK ("stock_movements"."refund_id" is null or "stock_movements"."kind" = 'return'),
	CONSTRAINT "stock_movements_hold_takes" CHECK ("stock_movements"."kind" <> 'hold' or "stock_movements"."quantity" < 0),
	CONSTRAINT "stock_movements_release_gives" CHECK ("stock_movements"."kind" not in ('release', 'return') or "stock_movements"."quantity" > 0),
	CONSTRAINT "stock_movements_received_gives" CHECK ("stock_movements"."kind" <> 'received' or "stock_movements"."quantity" > 0),
	CONSTRAINT "stock_movements_written_off_takes" CHECK ("stock_movements"."kind" <> 'written_off' or "stock_movements"."quantity" < 0),
	CONSTRAINT "stock_movements_adjusted_by_operator" CHECK (case when "stock_movements"."kind" in ('received', 'written_off', 'counted') or ("stock_movements"."kind" = 'return' and "stock_movements"."refund_id" is null) then num_nulls("stock_movements"."requested_by", "stock_movements"."idempotency_key") = 0 else num_nonnulls("stock_movements"."idempotency_key", "stock_movements"."note") = 0 end),
	CONSTRAINT "stock_movements_not_zero" CHECK ("stock_movements"."quantity" <> 0)
);
--> statement-breakpoint
CREATE TABLE "event_receivers" (
	"url_digest" text PRIMARY KEY NOT NULL,
	"first_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"gone_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "outgoing_events" (
	"event_id" text PRIMARY KEY NOT NULL,
	"sequence" bigint GENERATED ALWAYS AS IDENTITY (sequence name "outgoing_events_sequence_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"order_id" text NOT NULL,
	"type" text NOT NULL,
	"data" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp with time zone DEFAULT now(),
	"attempts" integer DEFAULT 0 NOT NULL,
	"first_attempt_at" timestamp with time zone,
	"failed_at" timestamp with time zone,
	"last_result" text,
	CONSTRAINT "outgoing_events_type_known" CHECK ("outgoing_events"."type" in ('order.placed', 'order.paid', 'order.shipped', 'order.shipment_corrected', 'order.cancelled', 'order.refunded', 'order.refund_failed', 'order.disputed')),
	CONSTRAINT "outgoing_events_due_unless_failed" CHECK (("outgoing_events"."due_at" is null) = ("outgoing_events"."failed_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "buyers" (
	"order_id" text PRIMARY KEY NOT NULL,
	"name" text,
	"email" text,
	"phone" text,
	"line1" text,
	"line2" text,
	"city" text,
	"postal_code" text,
	"region" text,
	"country" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"erased_at" timestamp with time zone,
	CONSTRAINT "buyers_data_unless_erased" CHECK (case when "buyers"."erased_at" is null then num_nulls("buyers"."name", "buyers"."email", "buyers"."line1", "buyers"."country") = 0 else num_nonnulls("buyers"."name", "buyers"."email", "buyers"."phone", "buyers"."line1", "buyers"."line2", "buyers"."city", "buyers"."postal_code", "buyers"."region", "buyers"."country") = 0 end),
	CONSTRAINT "buyers_country_iso_3166" CHECK ("buyers"."country" ~ '^[A-Z]{2}$')
);
--> statement-breakpoint
CREATE TABLE "operator_actions" (
	"action_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "operator_actions_action_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"operator" text NOT NULL,
	"kind" text NOT NULL,
	"order_id" text,
	"subject" text,
	"note" text,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "operator_actions_kind_known" CHECK ("operator_actions"."kind" in ('ship', 'correct_shipment', 'cancel', 'settle_refund', 'keep_money', 'erase_buyer', 'redeliver_event', 'create_product', 'change_product'))
);
--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_items" ADD CONSTRAINT "order_items_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_items" ADD CONSTRAINT "order_items_product_id_products_product_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("product_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_movements" ADD CONSTRAINT "stock_movements_product_id_products_product_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("product_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_movements" ADD CONSTRAINT "stock_movements_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_movements" ADD CONSTRAINT "stock_movements_refund_id_refunds_refund_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("refund_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "buyers" ADD CONSTRAINT "buyers_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operator_actions" ADD CONSTRAINT "operator_actions_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "disputes_order" ON "disputes" USING btree ("order_id");--> statement-breakpoint
CREATE UNIQUE INDEX "disputes_gateway_dispute_id_key" ON "disputes" USING btree ("gateway_dispute_id");--> statement-breakpoint
CREATE INDEX "disputes_open" ON "disputes" USING btree ("opened_at") WHERE "disputes"."status" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "orders_sequence_key" ON "orders" USING btree ("sequence");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_idempotency_key_key" ON "orders" USING btree ("idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_payment_id_key" ON "orders" USING btree ("payment_id");--> statement-breakpoint
CREATE INDEX "orders_created_at" ON "orders" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "orders_unfinished" ON "orders" USING btree ("sequence") WHERE "orders"."status" in ('PENDING', 'PAID') and "orders"."ready_at" is null;--> statement-breakpoint
CREATE INDEX "orders_to_ship" ON "orders" USING btree ("sequence") WHERE "orders"."status" = 'PAID' and "orders"."ready_at" is not null and not "orders"."all_returned";--> statement-breakpoint
CREATE UNIQUE INDEX "outgoing_events_order" ON "outgoing_events" USING btree ("order_id","sequence");--> statement-breakpoint
CREATE INDEX "outgoing_events_due" ON "outgoing_events" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "outgoing_events_failed" ON "outgoing_events" USING btree ("failed_at") WHERE "outgoing_events"."failed_at" is not null;--> statement-breakpoint
CREATE INDEX "payment_references_intent" ON "payment_references" USING btree ("intent");--> statement-breakpoint
CREATE UNIQUE INDEX "products_idempotency_key_key" ON "products" USING btree ("idempotency_key");--> statement-breakpoint
CREATE INDEX "refunds_order" ON "refunds" USING btree ("order_id");--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_gateway_refund_id_key" ON "refunds" USING btree ("gateway_refund_id");--> statement-breakpoint
CREATE INDEX "refunds_pending" ON "refunds" USING btree ("created_at") WHERE "refunds"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "refunds_failed" ON "refunds" USING btree ("updated_at") WHERE "refunds"."status" = 'failed' and "refunds"."settled_by" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "stock_movements_once" ON "stock_movements" USING btree ("order_id","product_id","kind") WHERE "stock_movements"."kind" <> 'return';--> statement-breakpoint
CREATE UNIQUE INDEX "stock_movements_returned_once" ON "stock_movements" USING btree ("refund_id","product_id") WHERE "stock_movements"."kind" = 'return';--> statement-breakpoint
CREATE UNIQUE INDEX "stock_movements_adjusted_once" ON "stock_movements" USING btree ("product_id","idempotency_key") WHERE "stock_movements"."idempotency_key" is not null;--> statement-breakpoint
CREATE INDEX "stock_movements_order" ON "stock_movements" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "stock_movements_product" ON "stock_movements" USING btree ("product_id","movement_id","quantity");--> statement-breakpoint
CREATE INDEX "buyers_email" ON "buyers" USING btree (lower("email"));--> statement-breakpoint
CREATE INDEX "buyers_name" ON "buyers" USING gin (to_tsvector('simple', regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(normalize("name", NFD), '[\u0300-\u036f]', '', 'g'), '[ßẞ]', 'ss', 'g'), '[æÆ]', 'ae', 'g'), '[œŒ]', 'oe', 'g'), '[þÞ]', 'th', 'g'), '[øØ]', 'o', 'g'), '[łŁ]', 'l', 'g'), '[đĐðÐ]', 'd', 'g'), '[ħĦ]', 'h', 'g'), 'ı', 'i', 'g'), '[-"\u0027\u0060\u00ab\u00b4\u00bb\u02b9-\u02bc\u2010-\u2015\u2018-\u201f\u2032\u2033]', ' ', 'g')));--> statement-breakpoint
CREATE INDEX "buyers_kept" ON "buyers" USING btree ("created_at") WHERE "buyers"."erased_at" is null;--> statement-breakpoint
CREATE INDEX "operator_actions_order" ON "operator_actions" USING btree ("order_id");--> statement-breakpoint
CREATE UNIQUE INDEX "operator_actions_cancel_once" ON "operator_actions" USING btree ("order_id","operator") WHERE "operator_actions"."kind" = 'cancel';--> statement-breakpoint
CREATE UNIQUE INDEX "operator_actions_keep_once" ON "operator_actions" USING btree ("order_id","subject") WHERE "operator_actions"."kind" = 'keep_money';--> statement-breakpoint
-- Everything below is written by hand, because drizzle-kit does not generate functions and triggers.
-- Records an outgoing event of an order if there is a receiver. Recording ends three days after the last worker with a
-- receiver has stopped, or three days after the receiver answered 410. The caller has locked the order, so the events
-- of an order are numbered in the sequence of its changes.
CREATE FUNCTION record_outgoing_event(changed orders, event_type text, detail jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM event_receivers WHERE least(seen_at, gone_at) > now() - interval '3 days') THEN RETURN; END IF;
  INSERT INTO outgoing_events (event_id, order_id, type, data)
  VALUES (
    'evt_' || left(encode(sha256(convert_to(concat_ws('/', changed.order_id, changed.version, event_type, detail), 'UTF8')), 'hex'), 32),
    changed.order_id, event_type,
    jsonb_build_object('order_id', changed.order_id, 'version', changed.version, 'status', changed.status,
      'payment_status', changed.payment_status, 'cancel_reason', changed.cancel_reason, 'currency', changed.currency,
      'total_minor', changed.total_minor, 'adjustments', changed.adjustments, 'captured_minor', changed.captured_minor,
      'refunded_minor', changed.refunded_minor) || detail
  ) ON CONFLICT DO NOTHING;
END $$;--> statement-breakpoint
-- A trigger calls this function, so every change of an order increments its version and notifies listeners. A change of
-- the status or the payment status also gets a row in order_events. A change of the status and a corrected shipment
-- also record an outgoing event.
CREATE FUNCTION record_order_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  IF (NEW.status, NEW.payment_status) IS DISTINCT FROM (OLD.status, OLD.payment_status) THEN
    INSERT INTO order_events (order_id, version, status, payment_status, payment_event_id, at)
    VALUES (NEW.order_id, NEW.version, NEW.status, NEW.payment_status, NEW.payment_event_id, now());
  END IF;
  IF NEW.status <> OLD.status THEN
    PERFORM record_outgoing_event(NEW,
      CASE NEW.status WHEN 'PAID' THEN 'order.paid' WHEN 'DISPATCHED' THEN 'order.shipped' ELSE 'order.cancelled' END, '{}');
  ELSIF (NEW.carrier, NEW.tracking_url) IS DISTINCT FROM (OLD.carrier, OLD.tracking_url) THEN
    PERFORM record_outgoing_event(NEW, 'order.shipment_corrected', '{}');
  END IF;
  PERFORM pg_notify('order_changed', NEW.order_id);
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER record_order_change BEFORE UPDATE ON "orders" FOR EACH ROW EXECUTE FUNCTION record_order_change();--> statement-breakpoint
CREATE FUNCTION record_order_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM record_outgoing_event(NEW, CASE NEW.status WHEN 'PENDING' THEN 'order.placed' ELSE 'order.cancelled' END, '{}');
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER record_order_placed AFTER INSERT ON "orders" FOR EACH ROW EXECUTE FUNCTION record_order_placed();--> statement-breakpoint
-- Compares an order's total with its items and adjustments at the end of the statement that inserts them. The check is
-- not deferred, because the driver reports a statement's success before it learns of a failed commit.
CREATE FUNCTION check_order_total() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  parts_minor numeric := (SELECT sum(quantity * unit_price_minor::bigint) FROM order_items WHERE order_id = NEW.order_id);
BEGIN
  IF NEW.adjustments <> '[]' THEN
    parts_minor := parts_minor + (SELECT sum((adjustment ->> 'amount_minor')::numeric) FROM jsonb_array_elements(NEW.adjustments) adjustment);
  END IF;
  IF NEW.total_minor IS DISTINCT FROM parts_minor THEN
    RAISE 'the total violates check constraint "orders_total_of_parts"' USING ERRCODE = 'check_violation', TABLE = 'orders', CONSTRAINT = 'orders_total_of_parts';
  END IF;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE CONSTRAINT TRIGGER check_order_total AFTER INSERT OR UPDATE OF total_minor, adjustments ON "orders"
  DEFERRABLE FOR EACH ROW EXECUTE FUNCTION check_order_total();--> statement-breakpoint
-- A statement that changes a refund or a dispute first updates its order, so the order is already locked when this
-- function runs.
CREATE FUNCTION record_refund_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM record_outgoing_event(orders, CASE NEW.status WHEN 'failed' THEN 'order.refund_failed' ELSE 'order.refunded' END,
    jsonb_build_object('refund', jsonb_build_object('refund_id', NEW.refund_id, 'amount_minor', NEW.amount_minor,
      'status', NEW.status, 'source', NEW.source)))
  FROM orders WHERE order_id = NEW.order_id;
  RETURN NULL;
END $$;--> statement-breakpoint
-- A failed refund that needs no operator (settled_by is set) causes no event.
CREATE TRIGGER record_refund_inserted AFTER INSERT ON "refunds" FOR EACH ROW
  WHEN (NEW.status <> 'pending' AND NEW.settled_by IS NULL) EXECUTE FUNCTION record_refund_end();--> statement-breakpoint
CREATE TRIGGER record_refund_updated AFTER UPDATE ON "refunds" FOR EACH ROW
  WHEN (NEW.status <> OLD.status AND NEW.status <> 'pending' AND NEW.settled_by IS NULL) EXECUTE FUNCTION record_refund_end();--> statement-breakpoint
CREATE FUNCTION record_dispute_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM record_outgoing_event(orders, 'order.disputed',
    jsonb_build_object('dispute', jsonb_build_object('dispute_id', NEW.dispute_id, 'amount_minor', NEW.amount_minor,
      'status', NEW.status)))
  FROM orders WHERE order_id = NEW.order_id;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER record_dispute_inserted AFTER INSERT ON "disputes" FOR EACH ROW EXECUTE FUNCTION record_dispute_change();--> statement-breakpoint
CREATE TRIGGER record_dispute_updated AFTER UPDATE ON "disputes" FOR EACH ROW
  WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION record_dispute_change();--> statement-breakpoint
-- The store's role is not allowed to delete rows itself, so this function runs with the rights of the tables' owner.
-- It states `ROWS 20`, because a worker passes at most 20 ids. Without this number, the planner would expect 1000 rows
-- and read the whole table `outgoing_events` in `settleEvents`.
CREATE FUNCTION delete_outgoing_events(event_ids text[]) RETURNS TABLE (order_id text) LANGUAGE sql
SECURITY DEFINER SET search_path = public, pg_temp ROWS 20 AS $$
  DELETE FROM outgoing_events WHERE event_id = ANY (event_ids) RETURNING outgoing_events.order_id;
$$;--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION delete_outgoing_events FROM PUBLIC;
