-- Every order so far was placed by an empty body, which is one of the default product: this is that body's fingerprint.
ALTER TABLE "orders" ADD COLUMN "fingerprint" text NOT NULL DEFAULT '5cc6a8a697bb6f2fcb468ef02cf2a76e9ad3f5da223682f1ca29288836ee66b3';--> statement-breakpoint
ALTER TABLE "orders" ALTER COLUMN "fingerprint" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "request_id" text NOT NULL DEFAULT '';--> statement-breakpoint
ALTER TABLE "orders" ALTER COLUMN "request_id" DROP DEFAULT;
