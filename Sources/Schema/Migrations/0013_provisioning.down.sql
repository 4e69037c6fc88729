DROP TABLE manual_interventions, provider_calls;
