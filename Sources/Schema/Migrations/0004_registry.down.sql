DROP TABLE service_holds;
DROP TABLE contract_entitlements;
DROP TABLE contracts;
