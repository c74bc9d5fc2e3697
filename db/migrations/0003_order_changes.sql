ALTER TABLE "orders" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
-- Here rather than in each statement, so that no change of an order, by whomever, goes untold.
CREATE FUNCTION tell_order_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  PERFORM pg_notify('order_changed', NEW.order_id);
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER tell_order_change BEFORE UPDATE ON "orders" FOR EACH ROW EXECUTE FUNCTION tell_order_change();
