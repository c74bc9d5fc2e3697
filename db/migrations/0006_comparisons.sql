CREATE TABLE "comparisons" (
	"name" text PRIMARY KEY NOT NULL,
	"compared_at" timestamp with time zone NOT NULL
);
