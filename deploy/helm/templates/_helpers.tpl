{{/* The prefix of all object names. */}}
{{- define "store.name" -}}
{{- $name := ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) }}
{{- if gt (len $name) 53 }}
{{- fail (printf "The release name is too long: %s-migration has more than 63 characters." $name) }}
{{- end }}
{{- $name }}
{{- end }}

{{/* The name of a worker build's objects. Takes (dict "root" $ "build" build). */}}
{{- define "store.workerName" -}}
{{- $name := include "store.name" .root }}
{{- if .build.id }}{{ $name }}-worker-{{ .build.id }}{{ else }}{{ $name }}-worker{{ end }}
{{- end }}

{{/*
Identifies the pods of a component. Pods have no other labels: a label that changes with the chart would restart every pod.
Takes (dict "root" $ "component" "api" "build" "").
*/}}
{{- define "store.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- if .build }}
widget-store/build: {{ .build | quote }}
{{- end }}
{{- end }}

{{- define "store.labels" -}}
{{ include "store.selector" . }}
app.kubernetes.io/part-of: {{ .root.Chart.Name }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* Takes (dict "root" $ "own" .Values.api.image). */}}
{{- define "store.image" -}}
{{- $own := .own | default dict }}
{{- $digest := ternary $own.digest .root.Values.image.digest (or (not (empty $own.tag)) (not (empty $own.digest))) }}
{{- $tag := $own.tag | default .root.Values.image.tag }}
{{- .root.Values.image.repository }}{{ if $tag }}:{{ $tag }}{{ end }}{{ if $digest }}@{{ $digest }}{{ end }}
{{- end }}

{{- define "store.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "store.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* A variable from a Secret. Takes (dict "name" "ADMIN_TOKEN" "from" .Values.secrets.adminToken). */}}
{{- define "store.secretVariable" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef: { name: {{ .from.name | quote }}, key: {{ .from.key | quote }} }
{{- end }}

{{/* The variables that api and worker share. */}}
{{- define "store.commonVariables" -}}
{{ include "store.postgresVariables" (dict "root" . "from" .Values.secrets.databaseUrl) }}
- name: PUBLIC_URL
  value: {{ .Values.store.publicUrl | quote }}
{{- with .Values.store.storefrontUrl }}
- name: STOREFRONT_URL
  value: {{ . | quote }}
{{- end }}
- name: TEMPORAL_ADDRESS
  value: {{ .Values.temporal.address | quote }}
- name: TEMPORAL_NAMESPACE
  value: {{ .Values.temporal.namespace | quote }}
- name: TEMPORAL_TASK_QUEUE
  value: {{ .Values.temporal.taskQueue | quote }}
{{- if .Values.secrets.temporalApiKey.name }}
{{ include "store.secretVariable" (dict "name" "TEMPORAL_API_KEY" "from" .Values.secrets.temporalApiKey) }}
{{- end }}
{{- if .Values.secrets.payloadEncryptionKeys.name }}
{{ include "store.secretVariable" (dict "name" "PAYLOAD_ENCRYPTION_KEYS" "from" .Values.secrets.payloadEncryptionKeys) }}
{{- end }}
{{- with .Values.temporal.tls }}
{{- if .enabled }}
- name: TEMPORAL_TLS
  value: 'true'
{{- end }}
{{- if .serverName }}
- name: TEMPORAL_TLS_SERVER_NAME
  value: {{ .serverName | quote }}
{{- end }}
{{- if .caSecret }}
- name: TEMPORAL_TLS_SERVER_CA_CERT_PATH
  value: /etc/temporal/ca/ca.crt
{{- end }}
{{- if .clientSecret }}
- name: TEMPORAL_TLS_CLIENT_CERT_PATH
  value: /etc/temporal/client/tls.crt
- name: TEMPORAL_TLS_CLIENT_KEY_PATH
  value: /etc/temporal/client/tls.key
{{- end }}
{{- end }}
- name: PAYMENT_GATEWAY
  value: {{ .Values.gateway.kind }}
{{- if .Values.telemetry.otlpEndpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ .Values.telemetry.otlpEndpoint | quote }}
{{- end }}
{{- end }}

{{/* Certificates of Postgres and, if asked for, of Temporal. Takes (dict "root" $ "temporal" true). */}}
{{- define "store.certificates" -}}
{{- $postgres := .root.Values.postgres.caSecret }}
{{- $tls := .root.Values.temporal.tls }}
{{- $all := list }}
{{- if $postgres }}{{ $all = append $all (list "postgres-ca" "/etc/postgres/ca" $postgres) }}{{ end }}
{{- if and .temporal $tls.caSecret }}{{ $all = append $all (list "temporal-ca" "/etc/temporal/ca" $tls.caSecret) }}{{ end }}
{{- if and .temporal $tls.clientSecret }}{{ $all = append $all (list "temporal-client" "/etc/temporal/client" $tls.clientSecret) }}{{ end }}
{{- $all | toJson }}
{{- end }}

{{- define "store.mounts" -}}
{{- with include "store.certificates" . | fromJsonArray }}
volumeMounts:
  {{- range . }}
  - { name: {{ index . 0 }}, mountPath: {{ index . 1 }}, readOnly: true }
  {{- end }}
{{- end }}
{{- end }}

{{- define "store.volumes" -}}
{{- with include "store.certificates" . | fromJsonArray }}
volumes:
  {{- range . }}
  - name: {{ index . 0 }}
    secret: { secretName: {{ index . 2 | quote }}, defaultMode: 0440 }
  {{- end }}
{{- end }}
{{- end }}

{{/* The variables for Postgres. Takes (dict "root" $ "from" .Values.secrets.databaseUrl). */}}
{{- define "store.postgresVariables" -}}
{{ include "store.secretVariable" (dict "name" "DATABASE_URL" "from" .from) }}
{{- if .root.Values.postgres.caSecret }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/postgres/ca/ca.crt
{{- end }}
{{- end }}

{{/* Spreads pods over zones and nodes. Takes (dict "root" $ "component" "api" "build" ""). */}}
{{- define "store.scheduling" -}}
{{- with .root.Values.scheduling.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.scheduling.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.scheduling.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels: {{- include "store.selector" . | nindent 14 }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: {{ .root.Values.scheduling.zoneSpread }}
    # The nodes of a failed zone are tainted, so with this policy Kubernetes ignores them. Otherwise the failed zone
    # would be the emptiest one, and with DoNotSchedule its pods could not start in another zone.
    nodeTaintsPolicy: Honor
    # Without this setting, a rollout would count the old pods that it is about to stop.
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels: {{- include "store.selector" . | nindent 8 }}
{{- end }}

{{/* The fields that all pods share. */}}
{{- define "store.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext: {{- include "store.podSecurity" . | nindent 2 }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
