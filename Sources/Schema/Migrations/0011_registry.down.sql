DROP TABLE service_holds, contract_entitlements, contracts;
