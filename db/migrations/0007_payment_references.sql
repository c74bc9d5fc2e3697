CREATE TABLE "payment_references" (
	"payment_id" text PRIMARY KEY NOT NULL,
	"reference" text NOT NULL
);
