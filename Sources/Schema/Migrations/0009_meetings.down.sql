DROP TABLE provider_credentials, meetings;
