-- Consents to exec plugins are kept among the settings, by a hash over path, arguments and environment.

DROP TABLE exec_consent;
