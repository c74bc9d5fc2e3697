{{/* The api's variables for Stripe. */}}
{{- define "stripe.api" -}}
- name: STRIPE_MODE
  value: {{ .Values.gateway.stripe.mode | quote }}
{{ include "store.secretVariable" (dict "name" "STRIPE_WEBHOOK_SECRET" "from" .Values.gateway.stripe.webhookSecret) }}
{{- end }}

{{/* The worker's variables for Stripe. */}}
{{- define "stripe.worker" -}}
- name: STRIPE_MODE
  value: {{ .Values.gateway.stripe.mode | quote }}
{{ include "store.secretVariable" (dict "name" "STRIPE_SECRET_KEY" "from" .Values.gateway.stripe.secretKey) }}
{{- end }}
