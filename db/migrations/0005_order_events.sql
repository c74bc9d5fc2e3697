CREATE TABLE "order_events" (
	"order_id" text NOT NULL,
	"version" integer NOT NULL,
	"status" text NOT NULL,
	"payment_status" text NOT NULL,
	"payment_event_id" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "order_events_order_id_version_pk" PRIMARY KEY("order_id","version")
);--> statement-breakpoint
CREATE OR REPLACE FUNCTION tell_order_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  IF (NEW.status, NEW.payment_status) IS DISTINCT FROM (OLD.status, OLD.payment_status) THEN
    INSERT INTO order_events (order_id, version, status, payment_status, payment_event_id, at)
    VALUES (NEW.order_id, NEW.version, NEW.status, NEW.payment_status, NEW.payment_event_id, now());
  END IF;
  PERFORM pg_notify('order_changed', NEW.order_id);
  RETURN NEW;
END $$;
