{{/* The api's variables for the sandbox gateway. */}}
{{- define "sandbox.api" -}}
{{- with .Values.gateway.publicUrl -}}
- name: GATEWAY_PUBLIC_URL
  value: {{ . | quote }}
{{ end -}}
{{- with .Values.secrets -}}
{{- include "store.secretVariable" (dict "name" "PAYMENT_WEBHOOK_SECRET" "from" .paymentWebhookSecret) }}
{{- if .paymentWebhookSecretPrevious.name }}
{{ include "store.secretVariable" (dict "name" "PAYMENT_WEBHOOK_SECRET_PREVIOUS" "from" .paymentWebhookSecretPrevious) }}
{{- end }}
{{- end }}
{{- end }}

{{/* The worker's variables for the sandbox gateway. */}}
{{- define "sandbox.worker" -}}
- name: GATEWAY_URL
  value: {{ .Values.gateway.url | quote }}
{{ include "store.secretVariable" (dict "name" "GATEWAY_API_KEY" "from" .Values.secrets.gatewayApiKey) }}
{{- end }}
