BEGIN TRANSACTION;
CREATE TABLE account_day (
	entity TEXT NOT NULL, 
	booking_date TEXT NOT NULL, 
	value_date TEXT NOT NULL, 
	account TEXT NOT NULL, 
	debit_fen INTEGER NOT NULL, 
	credit_fen INTEGER NOT NULL, 
	CONSTRAINT pk_account_day PRIMARY KEY (entity, booking_date, value_date, account)
)
 STRICT

;
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-02','2026-11-02','customer_loan',1399800,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-02','2026-11-02','disbursement_in_transit',1399800,1399800);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-02','2026-11-02','rail_clearing',0,1399800);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-03','2026-11-02','bank_deposit',0,1399800);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-03','2026-11-02','rail_clearing',1399800,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-03','2026-11-03','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-03','2026-11-03','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-04','2026-11-04','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-04','2026-11-04','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-05','2026-11-05','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-05','2026-11-05','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-06','2026-11-06','interest_income',0,188);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-06','2026-11-06','interest_receivable',188,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-07','2026-11-07','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-07','2026-11-07','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-08','2026-11-08','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-08','2026-11-08','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-09','2026-11-09','interest_income',0,188);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-09','2026-11-09','interest_receivable',188,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-10','2026-11-10','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-10','2026-11-10','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-11','2026-11-11','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-11','2026-11-11','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-12','2026-11-12','interest_income',0,188);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-12','2026-11-12','interest_receivable',188,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-13','2026-11-13','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-13','2026-11-13','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-14','2026-11-14','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-14','2026-11-14','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-15','2026-11-15','interest_income',0,188);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-15','2026-11-15','interest_receivable',188,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-16','2026-11-16','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-16','2026-11-16','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-17','2026-11-17','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-17','2026-11-17','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-18','2026-11-18','interest_income',0,188);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-18','2026-11-18','interest_receivable',188,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-19','2026-11-19','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-19','2026-11-19','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-20','2026-11-20','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-20','2026-11-20','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-21','2026-11-21','interest_income',0,188);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-21','2026-11-21','interest_receivable',188,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-22','2026-11-22','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-22','2026-11-22','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-23','2026-11-23','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-23','2026-11-23','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-24','2026-11-24','interest_income',0,188);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-24','2026-11-24','interest_receivable',188,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-25','2026-11-25','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-25','2026-11-25','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-26','2026-11-26','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-26','2026-11-26','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-27','2026-11-27','interest_income',0,188);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-27','2026-11-27','interest_receivable',188,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-28','2026-11-28','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-28','2026-11-28','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-29','2026-11-29','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-29','2026-11-29','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-30','2026-11-30','interest_income',0,186);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-11-30','2026-11-30','interest_receivable',186,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-01','2026-12-01','interest_income',0,188);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-01','2026-12-01','interest_receivable',188,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-02','2026-12-02','interest_income',0,188);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-02','2026-12-02','interest_receivable',188,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-03','2026-12-03','interest_income',0,124);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-03','2026-12-03','interest_receivable',124,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-04','2026-12-04','interest_income',0,124);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-04','2026-12-04','interest_receivable',124,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-05','2026-12-05','interest_income',0,126);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-05','2026-12-05','interest_receivable',126,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-06','2026-12-06','interest_income',0,124);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-06','2026-12-06','interest_receivable',124,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-06','2026-12-06','penalty_income',0,370);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-06','2026-12-06','penalty_receivable',370,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-07','2026-12-07','interest_income',0,124);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-07','2026-12-07','interest_receivable',124,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-07','2026-12-07','penalty_income',0,94);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-07','2026-12-07','penalty_receivable',94,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-08','2026-12-08','interest_income',0,126);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-08','2026-12-08','interest_receivable',126,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-08','2026-12-08','penalty_income',0,92);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-08','2026-12-08','penalty_receivable',92,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-09','2026-12-09','interest_income',0,124);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-09','2026-12-09','interest_receivable',124,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-09','2026-12-09','penalty_income',0,94);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-09','2026-12-09','penalty_receivable',94,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-10','2026-12-10','interest_income',0,124);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-10','2026-12-10','interest_receivable',124,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-10','2026-12-10','penalty_income',0,92);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-10','2026-12-10','penalty_receivable',92,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-11','2026-12-11','interest_income',0,126);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-11','2026-12-11','interest_receivable',126,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-11','2026-12-11','penalty_income',0,94);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-11','2026-12-11','penalty_receivable',94,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-12','2026-12-12','interest_income',0,124);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-12','2026-12-12','interest_receivable',124,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-12','2026-12-12','penalty_income',0,92);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-12','2026-12-12','penalty_receivable',92,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-13','2026-12-13','interest_income',0,124);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-13','2026-12-13','interest_receivable',124,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-13','2026-12-13','penalty_income',0,94);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-13','2026-12-13','penalty_receivable',94,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-14','2026-12-14','interest_income',0,126);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-14','2026-12-14','interest_receivable',126,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-14','2026-12-14','penalty_income',0,92);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-14','2026-12-14','penalty_receivable',92,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-15','2026-12-15','interest_income',0,124);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-15','2026-12-15','interest_receivable',124,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-15','2026-12-15','penalty_income',0,94);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-15','2026-12-15','penalty_receivable',94,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-16','2026-12-16','interest_income',0,124);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-16','2026-12-16','interest_receivable',124,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-16','2026-12-16','penalty_income',0,92);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-16','2026-12-16','penalty_receivable',92,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-17','2026-12-17','interest_income',0,126);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-17','2026-12-17','interest_receivable',126,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-17','2026-12-17','penalty_income',0,94);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-17','2026-12-17','penalty_receivable',94,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-18','2026-12-18','interest_income',0,124);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-18','2026-12-18','interest_receivable',124,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-18','2026-12-18','penalty_income',0,92);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-18','2026-12-18','penalty_receivable',92,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-19','2026-12-19','interest_income',0,124);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-19','2026-12-19','interest_receivable',124,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-19','2026-12-19','penalty_income',0,94);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-19','2026-12-19','penalty_receivable',94,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-20','2026-12-20','interest_income',0,126);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-20','2026-12-20','interest_receivable',126,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-20','2026-12-20','penalty_income',0,92);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-20','2026-12-20','penalty_receivable',92,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-21','2026-12-21','interest_income',0,62);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-21','2026-12-21','interest_receivable',62,0);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-21','2026-12-21','penalty_income',0,94);
INSERT INTO "account_day" VALUES('shenpu_bank','2026-12-21','2026-12-21','penalty_receivable',94,0);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0008');
CREATE TABLE api_key (
	key_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	role TEXT NOT NULL, 
	label TEXT NOT NULL, 
	issued_on TEXT NOT NULL, 
	revoked_on TEXT, 
	CONSTRAINT pk_api_key PRIMARY KEY (key_id)
)
 STRICT

;
CREATE TABLE application (
	application_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	person_id TEXT NOT NULL, 
	quote_id TEXT NOT NULL, 
	plan_key TEXT NOT NULL, 
	applied_on TEXT NOT NULL, 
	device TEXT, 
	document_id TEXT NOT NULL, session_id TEXT, 
	CONSTRAINT pk_application PRIMARY KEY (application_id)
)
 STRICT

;
INSERT INTO "application" VALUES('ap_01m6czr880gnz4xbhxcxss16p5','shenpu_bank','ps_01m6czr880w51dkkh840n552gd','qt_01m6czr880wtq8tpd6ky6mtj52','shenpu_appliance.3.equal_instalment','2026-11-02','d62184eca584dc169e850974dc5946e7a6a225eb1ec1421e4a9cb33b5322d5dc','dc_01m6czr8808vmeh34k2trb7cqp',NULL);
INSERT INTO "application" VALUES('ap_01m6czrj0gh2hbqpcxvvrmw22q','shenpu_bank','ps_01m6czr880w51dkkh840n552gd','qt_01m6czrj0ghxv75fk1fphz157y','shenpu_appliance.3.equal_instalment','2026-11-02','d62184eca584dc169e850974dc5946e7a6a225eb1ec1421e4a9cb33b5322d5dc','dc_01m6czrj0gtpdyxybtd9fnhg8r',NULL);
CREATE TABLE audit (
	audit_id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	role TEXT NOT NULL, 
	action TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (audit_id)
)
 STRICT

;
CREATE TABLE business_day (
	name TEXT NOT NULL, 
	open_date TEXT NOT NULL, 
	CONSTRAINT pk_business_day PRIMARY KEY (name)
)
 STRICT

;
INSERT INTO "business_day" VALUES('open','2026-12-22');
INSERT INTO "business_day" VALUES('closed:shenpu_bank','2026-12-21');
INSERT INTO "business_day" VALUES('closed:platform','2026-12-21');
CREATE TABLE checkout_session (
	session_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	host TEXT NOT NULL, 
	reference TEXT NOT NULL, 
	items TEXT NOT NULL, 
	language TEXT NOT NULL, 
	return_url TEXT NOT NULL, 
	cancel_url TEXT NOT NULL, 
	person_id TEXT, 
	opened_at TEXT NOT NULL, 
	expires_at TEXT NOT NULL, 
	CONSTRAINT pk_checkout_session PRIMARY KEY (session_id)
)
 STRICT

;
CREATE TABLE claim (
	claim_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	funder TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	claimed_on TEXT NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	CONSTRAINT pk_claim PRIMARY KEY (claim_id), 
	CONSTRAINT ck_claim_positive CHECK (amount_fen > 0), 
	CONSTRAINT uq_claim_entity_funder_number UNIQUE (entity, funder, number)
)
 STRICT

;
CREATE TABLE claim_line (
	claim_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	component TEXT NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	CONSTRAINT pk_claim_line PRIMARY KEY (claim_id, source, component)
)
 STRICT

;
CREATE TABLE close_step (
	entity TEXT NOT NULL, 
	business_date TEXT NOT NULL, 
	step TEXT NOT NULL, 
	shard INTEGER NOT NULL, 
	loans INTEGER NOT NULL, 
	debit_fen INTEGER NOT NULL, 
	quarantined INTEGER NOT NULL, 
	CONSTRAINT pk_close_step PRIMARY KEY (entity, business_date, step, shard)
)
 STRICT

;
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-02','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-02','accrual',1,2,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-02','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-02','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-02','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-02','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-02','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-02','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-03','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-03','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-03','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-03','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-03','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-03','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-03','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-03','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-04','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-04','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-04','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-04','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-04','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-04','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-04','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-04','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-05','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-05','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-05','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-05','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-05','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-05','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-05','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-05','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-06','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-06','accrual',1,2,188,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-06','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-06','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-06','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-06','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-06','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-06','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-07','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-07','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-07','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-07','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-07','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-07','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-07','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-07','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-08','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-08','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-08','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-08','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-08','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-08','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-08','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-08','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-09','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-09','accrual',1,2,188,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-09','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-09','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-09','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-09','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-09','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-09','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-10','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-10','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-10','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-10','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-10','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-10','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-10','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-10','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-11','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-11','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-11','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-11','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-11','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-11','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-11','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-11','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-12','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-12','accrual',1,2,188,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-12','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-12','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-12','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-12','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-12','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-12','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-13','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-13','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-13','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-13','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-13','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-13','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-13','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-13','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-14','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-14','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-14','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-14','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-14','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-14','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-14','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-14','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-15','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-15','accrual',1,2,188,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-15','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-15','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-15','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-15','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-15','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-15','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-16','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-16','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-16','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-16','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-16','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-16','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-16','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-16','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-17','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-17','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-17','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-17','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-17','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-17','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-17','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-17','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-18','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-18','accrual',1,2,188,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-18','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-18','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-18','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-18','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-18','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-18','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-19','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-19','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-19','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-19','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-19','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-19','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-19','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-19','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-20','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-20','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-20','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-20','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-20','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-20','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-20','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-20','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-21','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-21','accrual',1,2,188,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-21','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-21','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-21','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-21','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-21','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-21','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-22','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-22','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-22','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-22','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-22','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-22','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-22','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-22','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-23','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-23','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-23','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-23','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-23','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-23','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-23','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-23','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-24','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-24','accrual',1,2,188,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-24','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-24','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-24','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-24','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-24','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-24','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-25','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-25','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-25','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-25','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-25','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-25','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-25','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-25','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-26','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-26','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-26','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-26','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-26','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-26','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-26','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-26','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-27','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-27','accrual',1,2,188,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-27','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-27','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-27','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-27','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-27','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-27','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-28','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-28','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-28','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-28','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-28','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-28','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-28','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-28','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-29','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-29','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-29','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-29','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-29','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-29','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-29','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-29','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-30','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-30','accrual',1,2,186,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-30','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-11-30','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-30','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-30','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-30','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-11-30','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-01','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-01','accrual',1,2,188,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-01','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-01','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-01','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-01','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-01','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-01','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-02','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-02','accrual',1,2,188,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-02','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-02','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-02','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-02','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-02','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-02','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-03','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-03','accrual',1,2,124,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-03','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-03','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-03','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-03','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-03','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-03','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-04','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-04','accrual',1,2,124,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-04','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-04','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-04','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-04','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-04','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-04','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-05','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-05','accrual',1,2,126,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-05','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-05','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-05','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-05','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-05','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-05','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-06','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-06','accrual',1,2,494,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-06','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-06','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-06','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-06','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-06','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-06','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-07','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-07','accrual',1,2,218,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-07','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-07','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-07','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-07','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-07','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-07','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-08','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-08','accrual',1,2,218,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-08','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-08','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-08','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-08','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-08','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-08','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-09','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-09','accrual',1,2,218,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-09','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-09','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-09','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-09','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-09','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-09','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-10','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-10','accrual',1,2,216,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-10','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-10','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-10','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-10','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-10','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-10','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-11','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-11','accrual',1,2,220,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-11','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-11','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-11','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-11','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-11','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-11','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-12','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-12','accrual',1,2,216,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-12','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-12','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-12','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-12','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-12','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-12','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-13','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-13','accrual',1,2,218,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-13','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-13','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-13','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-13','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-13','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-13','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-14','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-14','accrual',1,2,218,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-14','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-14','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-14','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-14','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-14','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-14','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-15','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-15','accrual',1,2,218,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-15','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-15','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-15','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-15','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-15','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-15','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-16','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-16','accrual',1,2,216,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-16','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-16','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-16','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-16','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-16','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-16','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-17','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-17','accrual',1,2,220,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-17','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-17','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-17','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-17','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-17','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-17','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-18','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-18','accrual',1,2,216,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-18','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-18','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-18','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-18','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-18','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-18','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-19','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-19','accrual',1,2,218,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-19','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-19','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-19','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-19','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-19','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-19','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-20','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-20','accrual',1,2,109,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-20','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-20','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-20','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-20','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-20','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-20','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-21','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-21','accrual',1,2,156,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-21','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('shenpu_bank','2026-12-21','accrual',3,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-21','accrual',0,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-21','accrual',1,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-21','accrual',2,0,0,0);
INSERT INTO "close_step" VALUES('platform','2026-12-21','accrual',3,0,0,0);
CREATE TABLE consent (
	consent_id TEXT NOT NULL, 
	person_id TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	recipient TEXT NOT NULL, 
	document_id TEXT NOT NULL, 
	withdrawn_on TEXT, 
	CONSTRAINT pk_consent PRIMARY KEY (consent_id)
)
 STRICT

;
INSERT INTO "consent" VALUES('cn_01m6czr8805gae311bskr5g97c','ps_01m6czr880w51dkkh840n552gd','credit_report','shenpu_bank','dc_01m6czr8801mas5rg9yrjkjfns',NULL);
INSERT INTO "consent" VALUES('cn_01m6czr880b98jmtcazqg08j6c','ps_01m6czr880w51dkkh840n552gd','housing_fund','shenpu_bank','dc_01m6czr880fkrwpczq30n37vyg',NULL);
INSERT INTO "consent" VALUES('cn_01m6czrj0gdcegtyy1cw12hxpc','ps_01m6czr880w51dkkh840n552gd','credit_report','shenpu_bank','dc_01m6czrj0g2nkhqv03yjh2a50r',NULL);
INSERT INTO "consent" VALUES('cn_01m6czrj0gmvvz8kpts03cw4hm','ps_01m6czr880w51dkkh840n552gd','housing_fund','shenpu_bank','dc_01m6czrj0gd96q13s1k6v2949v',NULL);
CREATE TABLE contract (
	contract_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	application_id TEXT NOT NULL, 
	person_id TEXT NOT NULL, 
	document_id TEXT NOT NULL, 
	terms TEXT NOT NULL, 
	CONSTRAINT pk_contract PRIMARY KEY (contract_id)
)
 STRICT

;
INSERT INTO "contract" VALUES('ct_01m6czr880yz6s6wffng1bd1ps','shenpu_bank','ap_01m6czr880gnz4xbhxcxss16p5','ps_01m6czr880w51dkkh840n552gd','dc_01m6czr880phydy7kvdtyg3tam','{"allocations":[],"balloon_fen":0,"day_count":"30/360","due_day":null,"engine_version":1,"entity":"shenpu_bank","grace_days":3,"grace_lines":0,"instalment_rounding":"half_up","interest_round":"instalment","method":"equal_instalment","pack_hash":"a94e845072f66408e4f8691a5adabbc9f8a073cfdfe6b9115dacfe6c38c92b9c","penalty_cap_ppm":null,"penalty_day_count":"act/360","penalty_markup_ppm":500000,"principal_fen":699900,"rate_ppm":48000,"remainder":"last","round_to_fen":1,"rounding":"half_up","term_months":3}');
INSERT INTO "contract" VALUES('ct_01m6czrj0g2ys22hepg6ft3m2e','shenpu_bank','ap_01m6czrj0gh2hbqpcxvvrmw22q','ps_01m6czr880w51dkkh840n552gd','dc_01m6czrj0gnhyj14ry23mbkva0','{"allocations":[],"balloon_fen":0,"day_count":"30/360","due_day":null,"engine_version":1,"entity":"shenpu_bank","grace_days":3,"grace_lines":0,"instalment_rounding":"half_up","interest_round":"instalment","method":"equal_instalment","pack_hash":"a94e845072f66408e4f8691a5adabbc9f8a073cfdfe6b9115dacfe6c38c92b9c","penalty_cap_ppm":null,"penalty_day_count":"act/360","penalty_markup_ppm":500000,"principal_fen":699900,"rate_ppm":48000,"remainder":"last","round_to_fen":1,"rounding":"half_up","term_months":3}');
CREATE TABLE counter (
	counter TEXT NOT NULL, 
	remaining INTEGER NOT NULL, 
	CONSTRAINT pk_counter PRIMARY KEY (counter)
)
 STRICT

;
INSERT INTO "counter" VALUES('order:ln_01m6czrj0gq7f2gnjfj74mhkvw',1);
INSERT INTO "counter" VALUES('order:ln_01m6czrvs0m04avv7azhrzf4j5',1);
CREATE TABLE course (
	loan_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	grace_days INTEGER NOT NULL, 
	penalty_rate_ppm INTEGER NOT NULL, 
	penalty_scale INTEGER NOT NULL, 
	penalty_cap_ppm INTEGER NOT NULL, 
	lines TEXT NOT NULL, 
	CONSTRAINT pk_course PRIMARY KEY (loan_id)
)
 STRICT

;
INSERT INTO "course" VALUES('ln_01m6czrj0gq7f2gnjfj74mhkvw',1,3,72000,64,-1,'[[739983,233299,1870],[740014,234232,937]]');
CREATE TABLE decision (
	decision_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	application_id TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	document_id TEXT NOT NULL, 
	CONSTRAINT pk_decision PRIMARY KEY (decision_id)
)
 STRICT

;
INSERT INTO "decision" VALUES('de_01m6czr8803n0nsd7kjnks0yez','shenpu_bank','ap_01m6czr880gnz4xbhxcxss16p5','approve','dc_01m6czr8806bjd57xvdkct6t1m');
INSERT INTO "decision" VALUES('de_01m6czrj0grwxqenm6233fnwzf','shenpu_bank','ap_01m6czrj0gh2hbqpcxvvrmw22q','approve','dc_01m6czrj0gz7t39kzjyy83x5ks');
CREATE TABLE document (
	document_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	person_id TEXT NOT NULL, 
	content_hash BLOB NOT NULL, 
	sealed BLOB NOT NULL, 
	CONSTRAINT pk_document PRIMARY KEY (document_id)
)
 STRICT

;
CREATE TABLE event (
	stream TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	stage TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	value_date TEXT NOT NULL, 
	booking_date TEXT NOT NULL, 
	recorded_at TEXT NOT NULL, 
	data TEXT NOT NULL, 
	CONSTRAINT pk_event PRIMARY KEY (stream, version)
)
 STRICT

;
INSERT INTO "event" VALUES('ps_01m6czr880w51dkkh840n552gd',1,'identified','active','platform','2026-11-02','2026-11-02','2026-11-02T02:00:00.000000Z','{"court_dishonest":false,"reference":"idv_14194f768aeb129254dd9022","sanctions_hits":[]}');
INSERT INTO "event" VALUES('qt_01m6czr880wtq8tpd6ky6mtj52',1,'quoted','open','platform','2026-11-02','2026-11-02','2026-11-02T02:00:00.000000Z','{"plans":8}');
INSERT INTO "event" VALUES('cn_01m6czr8805gae311bskr5g97c',1,'granted','granted','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:00.000000Z','{}');
INSERT INTO "event" VALUES('cn_01m6czr880b98jmtcazqg08j6c',1,'granted','granted','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:00.000000Z','{}');
INSERT INTO "event" VALUES('qt_01m6czr880wtq8tpd6ky6mtj52',2,'accepted','accepted','platform','2026-11-02','2026-11-02','2026-11-02T02:00:00.000000Z','{"also":{},"plan_key":"shenpu_appliance.3.equal_instalment"}');
INSERT INTO "event" VALUES('ap_01m6czr880gnz4xbhxcxss16p5',1,'applied','draft','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:00.000000Z','{}');
INSERT INTO "event" VALUES('ap_01m6czr880gnz4xbhxcxss16p5',2,'decided','approved','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:00.000000Z','{}');
INSERT INTO "event" VALUES('ct_01m6czr880yz6s6wffng1bd1ps',1,'offered','offered','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:00.000000Z','{"sku":"HT-FRIDGE-520"}');
INSERT INTO "event" VALUES('ct_01m6czr880yz6s6wffng1bd1ps',2,'served','offered','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:00.000000Z','{"content_hash":"10c9a4d441f7180182a8a07df844ed9d9c6b3a5cba0fd1ac3c22578dee55171e","served_at":"2026-11-02T02:00:00.000000Z"}');
INSERT INTO "event" VALUES('ct_01m6czr880yz6s6wffng1bd1ps',3,'signed','signed','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:10.000000Z','{"loan_id":"ln_01m6czrj0gq7f2gnjfj74mhkvw","steps":["confirmed_before_contract","pop_up","reading_time"]}');
INSERT INTO "event" VALUES('ln_01m6czrj0gq7f2gnjfj74mhkvw',1,'agreed','pending','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:10.000000Z','{"benefits":{"dropped":[],"lines":[],"net_price_fen":699900,"price_fen":699900},"net_price_fen":699900,"price_fen":699900}');
INSERT INTO "event" VALUES('py_01m6czrj0gz7trepat6nsxw32w',1,'intended','intended','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:10.000000Z','{}');
INSERT INTO "event" VALUES('ln_01m6czrj0gq7f2gnjfj74mhkvw',2,'ordered','disbursing','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:10.000000Z','{"amount_fen":699900,"payment_id":"py_01m6czrj0gz7trepat6nsxw32w"}');
INSERT INTO "event" VALUES('py_01m6czrj0gz7trepat6nsxw32w',2,'succeeded','succeeded','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:10.000000Z','{"failure_code":"","rail_reference":"R0000000001"}');
INSERT INTO "event" VALUES('ln_01m6czrj0gq7f2gnjfj74mhkvw',3,'disbursed','active','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:10.000000Z','{"amount_fen":699900,"payment_id":"py_01m6czrj0gz7trepat6nsxw32w","purpose":"disburse","subsidy":null}');
INSERT INTO "event" VALUES('qt_01m6czrj0ghxv75fk1fphz157y',1,'quoted','open','platform','2026-11-02','2026-11-02','2026-11-02T02:00:10.000000Z','{"plans":8}');
INSERT INTO "event" VALUES('cn_01m6czrj0gdcegtyy1cw12hxpc',1,'granted','granted','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:10.000000Z','{}');
INSERT INTO "event" VALUES('cn_01m6czrj0gmvvz8kpts03cw4hm',1,'granted','granted','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:10.000000Z','{}');
INSERT INTO "event" VALUES('qt_01m6czrj0ghxv75fk1fphz157y',2,'accepted','accepted','platform','2026-11-02','2026-11-02','2026-11-02T02:00:10.000000Z','{"also":{},"plan_key":"shenpu_appliance.3.equal_instalment"}');
INSERT INTO "event" VALUES('ap_01m6czrj0gh2hbqpcxvvrmw22q',1,'applied','draft','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:10.000000Z','{}');
INSERT INTO "event" VALUES('ap_01m6czrj0gh2hbqpcxvvrmw22q',2,'decided','approved','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:10.000000Z','{}');
INSERT INTO "event" VALUES('ct_01m6czrj0g2ys22hepg6ft3m2e',1,'offered','offered','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:10.000000Z','{"sku":"HT-FRIDGE-520"}');
INSERT INTO "event" VALUES('ct_01m6czrj0g2ys22hepg6ft3m2e',2,'served','offered','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:10.000000Z','{"content_hash":"529e20db88b3f2e26be4672fd15ed7875d4b0c6d23c9db1710a3701844042d9c","served_at":"2026-11-02T02:00:10.000000Z"}');
INSERT INTO "event" VALUES('ct_01m6czrj0g2ys22hepg6ft3m2e',3,'signed','signed','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:20.000000Z','{"loan_id":"ln_01m6czrvs0m04avv7azhrzf4j5","steps":["confirmed_before_contract","pop_up","reading_time"]}');
INSERT INTO "event" VALUES('ln_01m6czrvs0m04avv7azhrzf4j5',1,'agreed','pending','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:20.000000Z','{"benefits":{"dropped":[],"lines":[],"net_price_fen":699900,"price_fen":699900},"net_price_fen":699900,"price_fen":699900}');
INSERT INTO "event" VALUES('py_01m6czrvs0thwqtabgdyjs2dey',1,'intended','intended','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:20.000000Z','{}');
INSERT INTO "event" VALUES('ln_01m6czrvs0m04avv7azhrzf4j5',2,'ordered','disbursing','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:20.000000Z','{"amount_fen":699900,"payment_id":"py_01m6czrvs0thwqtabgdyjs2dey"}');
INSERT INTO "event" VALUES('py_01m6czrvs0thwqtabgdyjs2dey',2,'succeeded','succeeded','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:20.000000Z','{"failure_code":"","rail_reference":"R0000000002"}');
INSERT INTO "event" VALUES('ln_01m6czrvs0m04avv7azhrzf4j5',3,'disbursed','active','shenpu_bank','2026-11-02','2026-11-02','2026-11-02T02:00:20.000000Z','{"amount_fen":699900,"payment_id":"py_01m6czrvs0thwqtabgdyjs2dey","purpose":"disburse","subsidy":null}');
INSERT INTO "event" VALUES('py_01m6czrj0gz7trepat6nsxw32w',3,'settled','settled','shenpu_bank','2026-11-02','2026-11-03','2026-11-02T02:00:20.000000Z','{}');
INSERT INTO "event" VALUES('py_01m6czrvs0thwqtabgdyjs2dey',3,'settled','settled','shenpu_bank','2026-11-02','2026-11-03','2026-11-02T02:00:20.000000Z','{}');
INSERT INTO "event" VALUES('pr_01ma8jvbs0addrpahrry4e1kc8',1,'proposed','open','shenpu_bank','2026-12-20','2026-12-20','2026-12-20T02:00:20.000000Z','{"by":"sa_maker"}');
INSERT INTO "event" VALUES('pr_01ma8jvbs0addrpahrry4e1kc8',2,'approved','approved','shenpu_bank','2026-12-20','2026-12-20','2026-12-20T02:00:20.000000Z','{"by":"sa_checker","reason":"Seen."}');
INSERT INTO "event" VALUES('ln_01m6czrvs0m04avv7azhrzf4j5',4,'paused','active','shenpu_bank','2026-12-20','2026-12-20','2026-12-20T02:00:20.000000Z','{"by":"sa_maker","months":1,"reason":"Ill.","waive":true}');
CREATE TABLE leaf (
	leaf_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	content_hash BLOB NOT NULL, 
	leaf_index INTEGER, 
	CONSTRAINT pk_leaf PRIMARY KEY (leaf_id), 
	CONSTRAINT uq_leaf_leaf_index UNIQUE (leaf_index)
)
 STRICT

;
CREATE TABLE loan (
	loan_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	contract_id TEXT NOT NULL, 
	person_id TEXT NOT NULL, 
	merchant TEXT NOT NULL, 
	shard INTEGER NOT NULL, 
	books_version INTEGER NOT NULL, 
	terms TEXT NOT NULL, session_id TEXT, 
	CONSTRAINT pk_loan PRIMARY KEY (loan_id), 
	CONSTRAINT uq_loan_contract_id UNIQUE (contract_id)
)
 STRICT

;
INSERT INTO "loan" VALUES('ln_01m6czrj0gq7f2gnjfj74mhkvw','shenpu_bank','ct_01m6czr880yz6s6wffng1bd1ps','ps_01m6czr880w51dkkh840n552gd','haitai',1,52,'{"allocations":[],"balloon_fen":0,"day_count":"30/360","due_day":null,"engine_version":1,"entity":"shenpu_bank","grace_days":3,"grace_lines":0,"instalment_rounding":"half_up","interest_round":"instalment","method":"equal_instalment","pack_hash":"a94e845072f66408e4f8691a5adabbc9f8a073cfdfe6b9115dacfe6c38c92b9c","penalty_cap_ppm":null,"penalty_day_count":"act/360","penalty_markup_ppm":500000,"principal_fen":699900,"rate_ppm":48000,"remainder":"last","round_to_fen":1,"rounding":"half_up","term_months":3}',NULL);
INSERT INTO "loan" VALUES('ln_01m6czrvs0m04avv7azhrzf4j5','shenpu_bank','ct_01m6czrj0g2ys22hepg6ft3m2e','ps_01m6czr880w51dkkh840n552gd','haitai',1,53,'{"allocations":[],"balloon_fen":0,"day_count":"30/360","due_day":null,"engine_version":1,"entity":"shenpu_bank","grace_days":3,"grace_lines":0,"instalment_rounding":"half_up","interest_round":"instalment","method":"equal_instalment","pack_hash":"a94e845072f66408e4f8691a5adabbc9f8a073cfdfe6b9115dacfe6c38c92b9c","penalty_cap_ppm":null,"penalty_day_count":"act/360","penalty_markup_ppm":500000,"principal_fen":699900,"rate_ppm":48000,"remainder":"last","round_to_fen":1,"rounding":"half_up","term_months":3}',NULL);
CREATE TABLE log_state (
	log_id TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	peaks BLOB NOT NULL, 
	CONSTRAINT pk_log_state PRIMARY KEY (log_id)
)
 STRICT

;
INSERT INTO "log_state" VALUES('main',108,X'D6B34FCEAF9F598E1490BC72FA9E798F385A12A71FD76872310A1903EB9FDDE4D57E89744BD7A9FDC899C3414CB80BDD51640254961C5CE4F5CF6FFD2C331C0D87A9961B347C30FE0BB4CF14534425DEE73AEBC89216DFE05EF6DBA4ACF8C8C6C1D102905C14531AA68A92A32F98DA79205C77F8BF53DCD3D8DF922FE0F25C60');
CREATE TABLE login (
	login_id TEXT NOT NULL, 
	token_blind TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	mobile_blind TEXT NOT NULL, 
	wrapped_key BLOB, 
	sealed BLOB, 
	opened_at TEXT NOT NULL, 
	expires_at TEXT NOT NULL, 
	ended_at TEXT, 
	CONSTRAINT pk_login PRIMARY KEY (login_id), 
	CONSTRAINT uq_login_token_blind UNIQUE (token_blind)
)
 STRICT

;
CREATE TABLE notice (
	notice_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	type TEXT NOT NULL, 
	at TEXT NOT NULL, 
	data TEXT NOT NULL, 
	CONSTRAINT pk_notice PRIMARY KEY (notice_id)
)
 STRICT

;
CREATE TABLE one_time_code (
	code_id TEXT NOT NULL, 
	mobile_blind TEXT NOT NULL, 
	sent_at TEXT NOT NULL, 
	expires_at TEXT NOT NULL, 
	CONSTRAINT pk_one_time_code PRIMARY KEY (code_id)
)
 STRICT

;
CREATE TABLE open_due (
	loan_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	shard INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	due INTEGER NOT NULL, 
	grace_to INTEGER NOT NULL, 
	principal_fen INTEGER NOT NULL, 
	interest_fen INTEGER NOT NULL, 
	penalty_fen INTEGER NOT NULL, 
	rest INTEGER NOT NULL, 
	waived_fen INTEGER NOT NULL, 
	penalty_paid_fen INTEGER NOT NULL, 
	cap_fen INTEGER NOT NULL, 
	scale INTEGER NOT NULL, 
	rate_ppm INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	CONSTRAINT pk_open_due PRIMARY KEY (loan_id, number, due)
)
 STRICT

;
INSERT INTO "open_due" VALUES('ln_01m6czrj0gq7f2gnjfj74mhkvw','shenpu_bank',1,1,739952,739955,232369,2800,0,0,0,0,-1,64,72000,739952);
CREATE TABLE outbox (
	message_id TEXT NOT NULL, 
	topic TEXT NOT NULL, 
	payload TEXT NOT NULL, 
	status TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_attempt_at TEXT NOT NULL, 
	CONSTRAINT pk_outbox PRIMARY KEY (message_id)
)
 STRICT

;
CREATE TABLE payment (
	payment_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	ordered_on TEXT NOT NULL, 
	value_date TEXT, 
	instruction TEXT NOT NULL, 
	CONSTRAINT pk_payment PRIMARY KEY (payment_id)
)
 STRICT

;
INSERT INTO "payment" VALUES('py_01m6czrj0gz7trepat6nsxw32w','shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','pay','disburse',699900,'2026-11-02','2026-11-02','{"amount_fen":699900,"currency":"CNY","instruction_id":"py_01m6czrj0gz7trepat6nsxw32w","kind":"pay","memo":"ln_01m6czrj0gq7f2gnjfj74mhkvw","payee_account":"acct:haitai","payer_account":"acct:shenpu_bank"}');
INSERT INTO "payment" VALUES('py_01m6czrvs0thwqtabgdyjs2dey','shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','pay','disburse',699900,'2026-11-02','2026-11-02','{"amount_fen":699900,"currency":"CNY","instruction_id":"py_01m6czrvs0thwqtabgdyjs2dey","kind":"pay","memo":"ln_01m6czrvs0m04avv7azhrzf4j5","payee_account":"acct:haitai","payer_account":"acct:shenpu_bank"}');
CREATE TABLE person (
	person_id TEXT NOT NULL, 
	wrapped_key BLOB, 
	sealed BLOB NOT NULL, 
	id_number_blind TEXT NOT NULL, mobile_blind TEXT, 
	CONSTRAINT pk_person PRIMARY KEY (person_id), 
	CONSTRAINT uq_person_id_number_blind UNIQUE (id_number_blind)
)
 STRICT

;
INSERT INTO "person" VALUES('ps_01m6czr880w51dkkh840n552gd',X'0101B69A7D10D99FAB9BFC94E8B586315E5F602D68D818EC048DE21E876A5C38334A228F6FB75A9CDCD7B43E171870DCF3F5A5574A97F4CDED3BBEC42D38',X'01D6201604113FB8DCD9BFFFEFD090B2291E96ED087220305E5B9C21B370DC7BB50301A12BAFC0F3FE5D4711A840200A197938D8AFFA1B5854DA0F80EC37C9855D047DF896F7359A1505B746524B163A20E431DA2225C075B515302BC7ADFBAF21AC5155F5AE447D25D2B2364867','21a65a87913b4e9f028e964bc125d10b1d357e0750aa6dc404266b1c61867d24','25762185bee8dba175370734a755f947d2f3a7167484ea3be98cd5d823285290');
CREATE TABLE policy_version (
	policy_hash TEXT NOT NULL, 
	body TEXT NOT NULL, 
	kept_on TEXT NOT NULL, 
	CONSTRAINT pk_policy_version PRIMARY KEY (policy_hash)
)
 STRICT

;
CREATE TABLE position (
	loan INTEGER NOT NULL, 
	loan_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	shard INTEGER NOT NULL, 
	by_itself INTEGER NOT NULL, 
	as_of INTEGER NOT NULL, 
	scale INTEGER NOT NULL, 
	rate_ppm INTEGER NOT NULL, 
	opening_fen INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	running_fen INTEGER NOT NULL, 
	rest INTEGER NOT NULL, 
	fallen_interest_fen INTEGER NOT NULL, 
	penalty_fen INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	due INTEGER NOT NULL, 
	principal_fen INTEGER NOT NULL, 
	interest_fen INTEGER NOT NULL, 
	CONSTRAINT pk_position PRIMARY KEY (loan), 
	CONSTRAINT uq_position_loan_id UNIQUE (loan_id)
)
 STRICT

;
INSERT INTO "position" VALUES(1,'ln_01m6czrj0gq7f2gnjfj74mhkvw','shenpu_bank',1,0,739952,2,48000,467531,729722,0,0,2800,0,2,739983,233299,1870);
INSERT INTO "position" VALUES(2,'ln_01m6czrvs0m04avv7azhrzf4j5','shenpu_bank',1,1,739971,0,0,0,0,0,0,0,0,0,0,0,0);
CREATE TABLE posted (
	source TEXT NOT NULL, 
	component TEXT NOT NULL, 
	payer TEXT NOT NULL, 
	account TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	CONSTRAINT pk_posted PRIMARY KEY (source, component, payer, account)
)
 STRICT

;
INSERT INTO "posted" VALUES('ln_01m6czrj0gq7f2gnjfj74mhkvw','ordered','customer','disbursement_in_transit','shenpu_bank',699900);
INSERT INTO "posted" VALUES('ln_01m6czrj0gq7f2gnjfj74mhkvw','ordered','customer','rail_clearing','shenpu_bank',-699900);
INSERT INTO "posted" VALUES('ln_01m6czrj0gq7f2gnjfj74mhkvw','disbursed','customer','customer_loan','shenpu_bank',699900);
INSERT INTO "posted" VALUES('ln_01m6czrj0gq7f2gnjfj74mhkvw','disbursed','customer','disbursement_in_transit','shenpu_bank',-699900);
INSERT INTO "posted" VALUES('ln_01m6czrvs0m04avv7azhrzf4j5','ordered','customer','disbursement_in_transit','shenpu_bank',699900);
INSERT INTO "posted" VALUES('ln_01m6czrvs0m04avv7azhrzf4j5','ordered','customer','rail_clearing','shenpu_bank',-699900);
INSERT INTO "posted" VALUES('ln_01m6czrvs0m04avv7azhrzf4j5','disbursed','customer','customer_loan','shenpu_bank',699900);
INSERT INTO "posted" VALUES('ln_01m6czrvs0m04avv7azhrzf4j5','disbursed','customer','disbursement_in_transit','shenpu_bank',-699900);
INSERT INTO "posted" VALUES('py_01m6czrj0gz7trepat6nsxw32w','settled_out','rail','rail_clearing','shenpu_bank',699900);
INSERT INTO "posted" VALUES('py_01m6czrj0gz7trepat6nsxw32w','settled_out','rail','bank_deposit','shenpu_bank',-699900);
INSERT INTO "posted" VALUES('py_01m6czrvs0thwqtabgdyjs2dey','settled_out','rail','rail_clearing','shenpu_bank',699900);
INSERT INTO "posted" VALUES('py_01m6czrvs0thwqtabgdyjs2dey','settled_out','rail','bank_deposit','shenpu_bank',-699900);
INSERT INTO "posted" VALUES('ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','shenpu_bank',3984);
INSERT INTO "posted" VALUES('ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_income','shenpu_bank',-3984);
INSERT INTO "posted" VALUES('ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','shenpu_bank',3922);
INSERT INTO "posted" VALUES('ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_income','shenpu_bank',-3922);
INSERT INTO "posted" VALUES('ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','shenpu_bank',883);
INSERT INTO "posted" VALUES('ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_income','shenpu_bank',-883);
INSERT INTO "posted" VALUES('ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','shenpu_bank',883);
INSERT INTO "posted" VALUES('ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_income','shenpu_bank',-883);
CREATE TABLE posting (
	posting_id INTEGER NOT NULL, 
	entity TEXT NOT NULL, 
	source TEXT NOT NULL, 
	component TEXT NOT NULL, 
	payer TEXT NOT NULL, 
	debit TEXT NOT NULL, 
	credit TEXT NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	value_date TEXT NOT NULL, 
	booking_date TEXT NOT NULL, 
	CONSTRAINT pk_posting PRIMARY KEY (posting_id), 
	CONSTRAINT ck_posting_cny CHECK (currency = 'CNY'), 
	CONSTRAINT ck_posting_positive CHECK (amount_fen > 0), 
	CONSTRAINT ck_posting_two_accounts CHECK (debit <> credit)
)
 STRICT

;
INSERT INTO "posting" VALUES(1,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','ordered','customer','disbursement_in_transit','rail_clearing',699900,'CNY','2026-11-02','2026-11-02');
INSERT INTO "posting" VALUES(2,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','disbursed','customer','customer_loan','disbursement_in_transit',699900,'CNY','2026-11-02','2026-11-02');
INSERT INTO "posting" VALUES(3,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','ordered','customer','disbursement_in_transit','rail_clearing',699900,'CNY','2026-11-02','2026-11-02');
INSERT INTO "posting" VALUES(4,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','disbursed','customer','customer_loan','disbursement_in_transit',699900,'CNY','2026-11-02','2026-11-02');
INSERT INTO "posting" VALUES(5,'shenpu_bank','py_01m6czrj0gz7trepat6nsxw32w','settled_out','rail','rail_clearing','bank_deposit',699900,'CNY','2026-11-02','2026-11-03');
INSERT INTO "posting" VALUES(6,'shenpu_bank','py_01m6czrvs0thwqtabgdyjs2dey','settled_out','rail','rail_clearing','bank_deposit',699900,'CNY','2026-11-02','2026-11-03');
INSERT INTO "posting" VALUES(7,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-03','2026-11-03');
INSERT INTO "posting" VALUES(8,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-03','2026-11-03');
INSERT INTO "posting" VALUES(9,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-04','2026-11-04');
INSERT INTO "posting" VALUES(10,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-04','2026-11-04');
INSERT INTO "posting" VALUES(11,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-05','2026-11-05');
INSERT INTO "posting" VALUES(12,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-05','2026-11-05');
INSERT INTO "posting" VALUES(13,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-06','2026-11-06');
INSERT INTO "posting" VALUES(14,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-06','2026-11-06');
INSERT INTO "posting" VALUES(15,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-07','2026-11-07');
INSERT INTO "posting" VALUES(16,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-07','2026-11-07');
INSERT INTO "posting" VALUES(17,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-08','2026-11-08');
INSERT INTO "posting" VALUES(18,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-08','2026-11-08');
INSERT INTO "posting" VALUES(19,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-09','2026-11-09');
INSERT INTO "posting" VALUES(20,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-09','2026-11-09');
INSERT INTO "posting" VALUES(21,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-10','2026-11-10');
INSERT INTO "posting" VALUES(22,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-10','2026-11-10');
INSERT INTO "posting" VALUES(23,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-11','2026-11-11');
INSERT INTO "posting" VALUES(24,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-11','2026-11-11');
INSERT INTO "posting" VALUES(25,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-12','2026-11-12');
INSERT INTO "posting" VALUES(26,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-12','2026-11-12');
INSERT INTO "posting" VALUES(27,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-13','2026-11-13');
INSERT INTO "posting" VALUES(28,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-13','2026-11-13');
INSERT INTO "posting" VALUES(29,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-14','2026-11-14');
INSERT INTO "posting" VALUES(30,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-14','2026-11-14');
INSERT INTO "posting" VALUES(31,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-15','2026-11-15');
INSERT INTO "posting" VALUES(32,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-15','2026-11-15');
INSERT INTO "posting" VALUES(33,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-16','2026-11-16');
INSERT INTO "posting" VALUES(34,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-16','2026-11-16');
INSERT INTO "posting" VALUES(35,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-17','2026-11-17');
INSERT INTO "posting" VALUES(36,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-17','2026-11-17');
INSERT INTO "posting" VALUES(37,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-18','2026-11-18');
INSERT INTO "posting" VALUES(38,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-18','2026-11-18');
INSERT INTO "posting" VALUES(39,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-19','2026-11-19');
INSERT INTO "posting" VALUES(40,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-19','2026-11-19');
INSERT INTO "posting" VALUES(41,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-20','2026-11-20');
INSERT INTO "posting" VALUES(42,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-20','2026-11-20');
INSERT INTO "posting" VALUES(43,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-21','2026-11-21');
INSERT INTO "posting" VALUES(44,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-21','2026-11-21');
INSERT INTO "posting" VALUES(45,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-22','2026-11-22');
INSERT INTO "posting" VALUES(46,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-22','2026-11-22');
INSERT INTO "posting" VALUES(47,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-23','2026-11-23');
INSERT INTO "posting" VALUES(48,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-23','2026-11-23');
INSERT INTO "posting" VALUES(49,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-24','2026-11-24');
INSERT INTO "posting" VALUES(50,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-24','2026-11-24');
INSERT INTO "posting" VALUES(51,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-25','2026-11-25');
INSERT INTO "posting" VALUES(52,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-25','2026-11-25');
INSERT INTO "posting" VALUES(53,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-26','2026-11-26');
INSERT INTO "posting" VALUES(54,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-26','2026-11-26');
INSERT INTO "posting" VALUES(55,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-27','2026-11-27');
INSERT INTO "posting" VALUES(56,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-11-27','2026-11-27');
INSERT INTO "posting" VALUES(57,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-28','2026-11-28');
INSERT INTO "posting" VALUES(58,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-28','2026-11-28');
INSERT INTO "posting" VALUES(59,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-29','2026-11-29');
INSERT INTO "posting" VALUES(60,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-29','2026-11-29');
INSERT INTO "posting" VALUES(61,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-30','2026-11-30');
INSERT INTO "posting" VALUES(62,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',93,'CNY','2026-11-30','2026-11-30');
INSERT INTO "posting" VALUES(63,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-12-01','2026-12-01');
INSERT INTO "posting" VALUES(64,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-12-01','2026-12-01');
INSERT INTO "posting" VALUES(65,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-12-02','2026-12-02');
INSERT INTO "posting" VALUES(66,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',94,'CNY','2026-12-02','2026-12-02');
INSERT INTO "posting" VALUES(67,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-03','2026-12-03');
INSERT INTO "posting" VALUES(68,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-03','2026-12-03');
INSERT INTO "posting" VALUES(69,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-04','2026-12-04');
INSERT INTO "posting" VALUES(70,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-04','2026-12-04');
INSERT INTO "posting" VALUES(71,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',63,'CNY','2026-12-05','2026-12-05');
INSERT INTO "posting" VALUES(72,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',63,'CNY','2026-12-05','2026-12-05');
INSERT INTO "posting" VALUES(73,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-06','2026-12-06');
INSERT INTO "posting" VALUES(74,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-06','2026-12-06');
INSERT INTO "posting" VALUES(75,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',185,'CNY','2026-12-06','2026-12-06');
INSERT INTO "posting" VALUES(76,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',185,'CNY','2026-12-06','2026-12-06');
INSERT INTO "posting" VALUES(77,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-07','2026-12-07');
INSERT INTO "posting" VALUES(78,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-07','2026-12-07');
INSERT INTO "posting" VALUES(79,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-07','2026-12-07');
INSERT INTO "posting" VALUES(80,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-07','2026-12-07');
INSERT INTO "posting" VALUES(81,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',63,'CNY','2026-12-08','2026-12-08');
INSERT INTO "posting" VALUES(82,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',63,'CNY','2026-12-08','2026-12-08');
INSERT INTO "posting" VALUES(83,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',46,'CNY','2026-12-08','2026-12-08');
INSERT INTO "posting" VALUES(84,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',46,'CNY','2026-12-08','2026-12-08');
INSERT INTO "posting" VALUES(85,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-09','2026-12-09');
INSERT INTO "posting" VALUES(86,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-09','2026-12-09');
INSERT INTO "posting" VALUES(87,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-09','2026-12-09');
INSERT INTO "posting" VALUES(88,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-09','2026-12-09');
INSERT INTO "posting" VALUES(89,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-10','2026-12-10');
INSERT INTO "posting" VALUES(90,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-10','2026-12-10');
INSERT INTO "posting" VALUES(91,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',46,'CNY','2026-12-10','2026-12-10');
INSERT INTO "posting" VALUES(92,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',46,'CNY','2026-12-10','2026-12-10');
INSERT INTO "posting" VALUES(93,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',63,'CNY','2026-12-11','2026-12-11');
INSERT INTO "posting" VALUES(94,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',63,'CNY','2026-12-11','2026-12-11');
INSERT INTO "posting" VALUES(95,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-11','2026-12-11');
INSERT INTO "posting" VALUES(96,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-11','2026-12-11');
INSERT INTO "posting" VALUES(97,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-12','2026-12-12');
INSERT INTO "posting" VALUES(98,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-12','2026-12-12');
INSERT INTO "posting" VALUES(99,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',46,'CNY','2026-12-12','2026-12-12');
INSERT INTO "posting" VALUES(100,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',46,'CNY','2026-12-12','2026-12-12');
INSERT INTO "posting" VALUES(101,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-13','2026-12-13');
INSERT INTO "posting" VALUES(102,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-13','2026-12-13');
INSERT INTO "posting" VALUES(103,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-13','2026-12-13');
INSERT INTO "posting" VALUES(104,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-13','2026-12-13');
INSERT INTO "posting" VALUES(105,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',63,'CNY','2026-12-14','2026-12-14');
INSERT INTO "posting" VALUES(106,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',63,'CNY','2026-12-14','2026-12-14');
INSERT INTO "posting" VALUES(107,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',46,'CNY','2026-12-14','2026-12-14');
INSERT INTO "posting" VALUES(108,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',46,'CNY','2026-12-14','2026-12-14');
INSERT INTO "posting" VALUES(109,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-15','2026-12-15');
INSERT INTO "posting" VALUES(110,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-15','2026-12-15');
INSERT INTO "posting" VALUES(111,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-15','2026-12-15');
INSERT INTO "posting" VALUES(112,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-15','2026-12-15');
INSERT INTO "posting" VALUES(113,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-16','2026-12-16');
INSERT INTO "posting" VALUES(114,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-16','2026-12-16');
INSERT INTO "posting" VALUES(115,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',46,'CNY','2026-12-16','2026-12-16');
INSERT INTO "posting" VALUES(116,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',46,'CNY','2026-12-16','2026-12-16');
INSERT INTO "posting" VALUES(117,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',63,'CNY','2026-12-17','2026-12-17');
INSERT INTO "posting" VALUES(118,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',63,'CNY','2026-12-17','2026-12-17');
INSERT INTO "posting" VALUES(119,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-17','2026-12-17');
INSERT INTO "posting" VALUES(120,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-17','2026-12-17');
INSERT INTO "posting" VALUES(121,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-18','2026-12-18');
INSERT INTO "posting" VALUES(122,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-18','2026-12-18');
INSERT INTO "posting" VALUES(123,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',46,'CNY','2026-12-18','2026-12-18');
INSERT INTO "posting" VALUES(124,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',46,'CNY','2026-12-18','2026-12-18');
INSERT INTO "posting" VALUES(125,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-19','2026-12-19');
INSERT INTO "posting" VALUES(126,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-19','2026-12-19');
INSERT INTO "posting" VALUES(127,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-19','2026-12-19');
INSERT INTO "posting" VALUES(128,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-19','2026-12-19');
INSERT INTO "posting" VALUES(129,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','interest_earned','customer','interest_receivable','interest_income',63,'CNY','2026-12-20','2026-12-20');
INSERT INTO "posting" VALUES(130,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',46,'CNY','2026-12-20','2026-12-20');
INSERT INTO "posting" VALUES(131,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',63,'CNY','2026-12-20','2026-12-20');
INSERT INTO "posting" VALUES(132,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',46,'CNY','2026-12-20','2026-12-20');
INSERT INTO "posting" VALUES(133,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','interest_earned','customer','interest_receivable','interest_income',62,'CNY','2026-12-21','2026-12-21');
INSERT INTO "posting" VALUES(134,'shenpu_bank','ln_01m6czrj0gq7f2gnjfj74mhkvw','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-21','2026-12-21');
INSERT INTO "posting" VALUES(135,'shenpu_bank','ln_01m6czrvs0m04avv7azhrzf4j5','penalty_earned','customer','penalty_receivable','penalty_income',47,'CNY','2026-12-21','2026-12-21');
CREATE TABLE proposal (
	proposal_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	flow TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	request TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	maker TEXT NOT NULL, 
	maker_role TEXT NOT NULL, 
	made_on TEXT NOT NULL, 
	expires_on TEXT NOT NULL, 
	CONSTRAINT pk_proposal PRIMARY KEY (proposal_id)
)
 STRICT

;
INSERT INTO "proposal" VALUES('pr_01ma8jvbs0addrpahrry4e1kc8','shenpu_bank','change_loan','ln_01m6czrvs0m04avv7azhrzf4j5','{"change":{"kind":"paused","months":1,"waive":true},"loan_id":"ln_01m6czrvs0m04avv7azhrzf4j5","reason":"Ill."}','See the file.','sa_maker','servicing','2026-12-20','2026-12-25');
CREATE TABLE quote (
	quote_id TEXT NOT NULL, 
	person_id TEXT NOT NULL, 
	merchant TEXT NOT NULL, 
	quoted_on TEXT NOT NULL, 
	expires_at TEXT NOT NULL, 
	pack_hash TEXT NOT NULL, 
	document_id TEXT NOT NULL, session_id TEXT, 
	CONSTRAINT pk_quote PRIMARY KEY (quote_id)
)
 STRICT

;
INSERT INTO "quote" VALUES('qt_01m6czr880wtq8tpd6ky6mtj52','ps_01m6czr880w51dkkh840n552gd','haitai','2026-11-02','2026-11-02T02:30:00.000000Z','a94e845072f66408e4f8691a5adabbc9f8a073cfdfe6b9115dacfe6c38c92b9c','dc_01m6czr880crf4yrcfk1vyx51f',NULL);
INSERT INTO "quote" VALUES('qt_01m6czrj0ghxv75fk1fphz157y','ps_01m6czr880w51dkkh840n552gd','haitai','2026-11-02','2026-11-02T02:30:10.000000Z','a94e845072f66408e4f8691a5adabbc9f8a073cfdfe6b9115dacfe6c38c92b9c','dc_01m6czrj0gj6gw8k71k49rbbfv',NULL);
CREATE TABLE redemption (
	redemption_id TEXT NOT NULL, 
	loan_id TEXT NOT NULL, 
	merchant TEXT NOT NULL, 
	benefit TEXT NOT NULL, 
	voucher_id TEXT NOT NULL, 
	given_on TEXT NOT NULL, 
	CONSTRAINT pk_redemption PRIMARY KEY (redemption_id), 
	CONSTRAINT uq_redemption_loan_id_benefit UNIQUE (loan_id, benefit)
)
 STRICT

;
CREATE TABLE sealed_day (
	entity TEXT NOT NULL, 
	booking_date TEXT NOT NULL, 
	postings INTEGER NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	previous BLOB NOT NULL, 
	root BLOB NOT NULL, 
	CONSTRAINT pk_sealed_day PRIMARY KEY (entity, booking_date), 
	CONSTRAINT uq_sealed_day_entity_previous UNIQUE (entity, previous)
)
 STRICT

;
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-02',4,2799600,X'0000000000000000000000000000000000000000000000000000000000000000',X'B530039488812D938737FD42E33C78AA8FCB318DB90D9523DD4A94F83445697C');
INSERT INTO "sealed_day" VALUES('platform','2026-11-02',0,0,X'0000000000000000000000000000000000000000000000000000000000000000',X'DFC196A6DE98E5B9363C0B84CC42C952C03EF6EB5F6A102ACED349D0D90AD90E');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-03',4,1399986,X'B530039488812D938737FD42E33C78AA8FCB318DB90D9523DD4A94F83445697C',X'2D86C366F9376FE7C63336911F615EAF3859AD91FD1431BE9DC8AAABA43CB562');
INSERT INTO "sealed_day" VALUES('platform','2026-11-03',0,0,X'DFC196A6DE98E5B9363C0B84CC42C952C03EF6EB5F6A102ACED349D0D90AD90E',X'D0D9F30C99A882675456D51C90B92E26A15613FC92AADC772B78D57584737B92');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-04',2,186,X'2D86C366F9376FE7C63336911F615EAF3859AD91FD1431BE9DC8AAABA43CB562',X'FE925FD934418FF535FDD87E76801EABD683DC7E2B6EF38C283E1D5FBE302311');
INSERT INTO "sealed_day" VALUES('platform','2026-11-04',0,0,X'D0D9F30C99A882675456D51C90B92E26A15613FC92AADC772B78D57584737B92',X'1B441863363847F8B4AAD05131039A45E3707929768204A6EF94D1AD7480E77F');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-05',2,186,X'FE925FD934418FF535FDD87E76801EABD683DC7E2B6EF38C283E1D5FBE302311',X'F0F24E008A0CBA9888D6E6924E02925A49FB56D562C2410B557868E7D1B68C9C');
INSERT INTO "sealed_day" VALUES('platform','2026-11-05',0,0,X'1B441863363847F8B4AAD05131039A45E3707929768204A6EF94D1AD7480E77F',X'131EAE3430E038DB6EBDC9B4A0F574C7A9357E7E084E5D26A0F2158575323BC3');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-06',2,188,X'F0F24E008A0CBA9888D6E6924E02925A49FB56D562C2410B557868E7D1B68C9C',X'AD915BA5C1B5A7F1843F48A581BD9A8CF5A6B9E3936C1BC30BD6DEBB94FBD4A0');
INSERT INTO "sealed_day" VALUES('platform','2026-11-06',0,0,X'131EAE3430E038DB6EBDC9B4A0F574C7A9357E7E084E5D26A0F2158575323BC3',X'DFEBC5C7971BFDCD4C5579399FBFB17A7F397C089B45D9737C5F4E6932BD2A1E');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-07',2,186,X'AD915BA5C1B5A7F1843F48A581BD9A8CF5A6B9E3936C1BC30BD6DEBB94FBD4A0',X'04C95898E6449BA59A6D83AE8BDD286B17413E742D007BE1A0D6534C0BCACCF5');
INSERT INTO "sealed_day" VALUES('platform','2026-11-07',0,0,X'DFEBC5C7971BFDCD4C5579399FBFB17A7F397C089B45D9737C5F4E6932BD2A1E',X'ADEE5D5269436826A505A7662C53C342266948012577DE9465ECDC426FC614D0');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-08',2,186,X'04C95898E6449BA59A6D83AE8BDD286B17413E742D007BE1A0D6534C0BCACCF5',X'F3CA32DE03660FCF6B8848E8DD134FF44390DF166EC95F1839893FB717832599');
INSERT INTO "sealed_day" VALUES('platform','2026-11-08',0,0,X'ADEE5D5269436826A505A7662C53C342266948012577DE9465ECDC426FC614D0',X'1785D3ED4F146352F227D8B74BD64CFB2EC625CB58BFB867C12E4464FF923492');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-09',2,188,X'F3CA32DE03660FCF6B8848E8DD134FF44390DF166EC95F1839893FB717832599',X'A83EDBEFDCC5A9898ABE7283613EE3B4374C98DD790E4BA980FF13A7FA1BA49E');
INSERT INTO "sealed_day" VALUES('platform','2026-11-09',0,0,X'1785D3ED4F146352F227D8B74BD64CFB2EC625CB58BFB867C12E4464FF923492',X'F27E34BB9929C110596648E8B928DC5A70725B0245F1FA763F606C942FB45617');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-10',2,186,X'A83EDBEFDCC5A9898ABE7283613EE3B4374C98DD790E4BA980FF13A7FA1BA49E',X'F89AA1D0A2B1D42CA79D09CE743F3FD85C1FEF892C2EE501034E6CF42113ADD7');
INSERT INTO "sealed_day" VALUES('platform','2026-11-10',0,0,X'F27E34BB9929C110596648E8B928DC5A70725B0245F1FA763F606C942FB45617',X'5C54853013D8C645492D2B80769DE6DB0B870BCD2BEC09AAA669C0E11804173C');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-11',2,186,X'F89AA1D0A2B1D42CA79D09CE743F3FD85C1FEF892C2EE501034E6CF42113ADD7',X'7BD0EA4C7D05E838D012B40126AFE8F76BA9D714D3606340337330570F1C183E');
INSERT INTO "sealed_day" VALUES('platform','2026-11-11',0,0,X'5C54853013D8C645492D2B80769DE6DB0B870BCD2BEC09AAA669C0E11804173C',X'97BDF535BCAD54CADD2016FD9E7EE87162F18E4B49E20A1324E67D922E366028');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-12',2,188,X'7BD0EA4C7D05E838D012B40126AFE8F76BA9D714D3606340337330570F1C183E',X'2B5EDEB8291214BE5FCFE91F4B4DFA54A3E4FBB5B7F2D4A3CB21C4ED09A4E7D5');
INSERT INTO "sealed_day" VALUES('platform','2026-11-12',0,0,X'97BDF535BCAD54CADD2016FD9E7EE87162F18E4B49E20A1324E67D922E366028',X'BC3EED1D3DFC00F2CA6AAF90F69046764CAE9B98149A10D2898C04A83851C2F3');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-13',2,186,X'2B5EDEB8291214BE5FCFE91F4B4DFA54A3E4FBB5B7F2D4A3CB21C4ED09A4E7D5',X'59C268D64E3C768BE43AC403C95A315D18A2D82C52A5EA4DA4F431202D7C6920');
INSERT INTO "sealed_day" VALUES('platform','2026-11-13',0,0,X'BC3EED1D3DFC00F2CA6AAF90F69046764CAE9B98149A10D2898C04A83851C2F3',X'67D8E752859D1DFC5D242B8A8898B2A6B7E54A903658DE21BF3DF8C5F020E4F6');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-14',2,186,X'59C268D64E3C768BE43AC403C95A315D18A2D82C52A5EA4DA4F431202D7C6920',X'FEF85959CA9002E734BD4D065DB568D6439C93A31F2554552983B474105FBD81');
INSERT INTO "sealed_day" VALUES('platform','2026-11-14',0,0,X'67D8E752859D1DFC5D242B8A8898B2A6B7E54A903658DE21BF3DF8C5F020E4F6',X'0838C0009EB4B7CA32C3E6861CC1732B84EA9C466954640BB5A87F384735436D');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-15',2,188,X'FEF85959CA9002E734BD4D065DB568D6439C93A31F2554552983B474105FBD81',X'1DDEE8A427D9F35BCE80E4263B3A5E4F0B549CCA13E2FAC032ECEB2F586E3593');
INSERT INTO "sealed_day" VALUES('platform','2026-11-15',0,0,X'0838C0009EB4B7CA32C3E6861CC1732B84EA9C466954640BB5A87F384735436D',X'036EE5A149FFD6A854CD0F14E59582C479F19A117F7CC080BA90811C13BF69CA');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-16',2,186,X'1DDEE8A427D9F35BCE80E4263B3A5E4F0B549CCA13E2FAC032ECEB2F586E3593',X'36E6F834086545DDE53DF450F5AA5F223D524D80CE19CBF41268C14373F9893D');
INSERT INTO "sealed_day" VALUES('platform','2026-11-16',0,0,X'036EE5A149FFD6A854CD0F14E59582C479F19A117F7CC080BA90811C13BF69CA',X'E090D4E7102DEE201154AB220C974F83BEF0F2CA48F9EEECFAF34EDEB347A167');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-17',2,186,X'36E6F834086545DDE53DF450F5AA5F223D524D80CE19CBF41268C14373F9893D',X'66EC7783A210EAC9FBBC3ABEE77AD5A1873601F357DF9053FEB8A928E5E841D2');
INSERT INTO "sealed_day" VALUES('platform','2026-11-17',0,0,X'E090D4E7102DEE201154AB220C974F83BEF0F2CA48F9EEECFAF34EDEB347A167',X'E7DA85122A4800578D897FA1BBC72B698BF6CF5BB93456A3BB176B2A48867E63');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-18',2,188,X'66EC7783A210EAC9FBBC3ABEE77AD5A1873601F357DF9053FEB8A928E5E841D2',X'4419FE5938DC5AF7B80AD07BA5A721884F4125FE623DFE2A4A72426E42B62729');
INSERT INTO "sealed_day" VALUES('platform','2026-11-18',0,0,X'E7DA85122A4800578D897FA1BBC72B698BF6CF5BB93456A3BB176B2A48867E63',X'36F1CB15CC78CEB4CD19AD520F959040708D31C4B6FD8C776F0676BD3694A33B');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-19',2,186,X'4419FE5938DC5AF7B80AD07BA5A721884F4125FE623DFE2A4A72426E42B62729',X'BEFA03E0C58C1C60E8C71FDCD263BAE5AA87CE0EBE29CB8384A3FA8934FB90D1');
INSERT INTO "sealed_day" VALUES('platform','2026-11-19',0,0,X'36F1CB15CC78CEB4CD19AD520F959040708D31C4B6FD8C776F0676BD3694A33B',X'016721EA9467CB376F7172405162B029045A01DB75D8A7F74294171ACC55921C');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-20',2,186,X'BEFA03E0C58C1C60E8C71FDCD263BAE5AA87CE0EBE29CB8384A3FA8934FB90D1',X'94043A64291FA9E825002277A3A482FF8E511EE2E94A7CDA223688F853630CA9');
INSERT INTO "sealed_day" VALUES('platform','2026-11-20',0,0,X'016721EA9467CB376F7172405162B029045A01DB75D8A7F74294171ACC55921C',X'F5FC34EB0D7F43069535777C2EF02BFF9C0693895DD6CB3A459E9C68B2F46663');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-21',2,188,X'94043A64291FA9E825002277A3A482FF8E511EE2E94A7CDA223688F853630CA9',X'9EF6325C93A267904B041A5C9C7AB43E0D241DADFAB469FC7FD881BA490D6DFB');
INSERT INTO "sealed_day" VALUES('platform','2026-11-21',0,0,X'F5FC34EB0D7F43069535777C2EF02BFF9C0693895DD6CB3A459E9C68B2F46663',X'478B58FDF341CD74FEAC5703B465E4BEF16423CCB1F317C320A3061C0CA3981A');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-22',2,186,X'9EF6325C93A267904B041A5C9C7AB43E0D241DADFAB469FC7FD881BA490D6DFB',X'B12F54EF5531F46D4704E6D975357B5E1841425E568382588AC63D1B3DC4A51D');
INSERT INTO "sealed_day" VALUES('platform','2026-11-22',0,0,X'478B58FDF341CD74FEAC5703B465E4BEF16423CCB1F317C320A3061C0CA3981A',X'1A3EB93E22127F99A3497C19D5466B5087A7A3028A376F4CC7E86C242F6C06B7');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-23',2,186,X'B12F54EF5531F46D4704E6D975357B5E1841425E568382588AC63D1B3DC4A51D',X'7095657197F5C833B677DB4421A7251E78A06F5C2F098F30C29949A1E3F8EC60');
INSERT INTO "sealed_day" VALUES('platform','2026-11-23',0,0,X'1A3EB93E22127F99A3497C19D5466B5087A7A3028A376F4CC7E86C242F6C06B7',X'134D7A238B9EC087DB0222120E2A921CE9EB4780D93F68435F1F555FF93EC9F0');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-24',2,188,X'7095657197F5C833B677DB4421A7251E78A06F5C2F098F30C29949A1E3F8EC60',X'D0E718C29E7DF25387A3B0E907FFB01DCC777C99744C976C46865FA95FB53562');
INSERT INTO "sealed_day" VALUES('platform','2026-11-24',0,0,X'134D7A238B9EC087DB0222120E2A921CE9EB4780D93F68435F1F555FF93EC9F0',X'E5AB7D6DB9BCA5F6E2EE27F10B7C3E382E211FE9F70BA82E37B858D457590606');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-25',2,186,X'D0E718C29E7DF25387A3B0E907FFB01DCC777C99744C976C46865FA95FB53562',X'DE351CDAF0C39216B54F147223DF54ABC2F5DF47880DAC691D10BC83CDCCD398');
INSERT INTO "sealed_day" VALUES('platform','2026-11-25',0,0,X'E5AB7D6DB9BCA5F6E2EE27F10B7C3E382E211FE9F70BA82E37B858D457590606',X'30C1EFF275B260B9C072F6EF23F08A5B81C531F6FB9D341B3F9273FE1DC50FC8');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-26',2,186,X'DE351CDAF0C39216B54F147223DF54ABC2F5DF47880DAC691D10BC83CDCCD398',X'CF08FF56117B60E5D1258D745855CFCEB95B8D8C040A6811532E6072153E5433');
INSERT INTO "sealed_day" VALUES('platform','2026-11-26',0,0,X'30C1EFF275B260B9C072F6EF23F08A5B81C531F6FB9D341B3F9273FE1DC50FC8',X'79A21733C8EE38D8440B89BF31487DFC45AF24F970AF3F675E53CA288BEAC629');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-27',2,188,X'CF08FF56117B60E5D1258D745855CFCEB95B8D8C040A6811532E6072153E5433',X'24D2E9A8579223956236AE509D0DB5CD9120986337CF09EDC242DE9AC49F3F3A');
INSERT INTO "sealed_day" VALUES('platform','2026-11-27',0,0,X'79A21733C8EE38D8440B89BF31487DFC45AF24F970AF3F675E53CA288BEAC629',X'C92ADE6D032435F54CB4BF127368917050780584E69F13B634D1C4B3DCD17F81');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-28',2,186,X'24D2E9A8579223956236AE509D0DB5CD9120986337CF09EDC242DE9AC49F3F3A',X'E12924C5A5046EE6A6913A0248BFEA964D26BA0DE74D4A2B5C37203AF126A5EF');
INSERT INTO "sealed_day" VALUES('platform','2026-11-28',0,0,X'C92ADE6D032435F54CB4BF127368917050780584E69F13B634D1C4B3DCD17F81',X'E14CFDF89A1686C7B7971D2993A014A3A0CCB145C4C824F8B9A4D5F900870770');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-29',2,186,X'E12924C5A5046EE6A6913A0248BFEA964D26BA0DE74D4A2B5C37203AF126A5EF',X'1708CA677DB1A81B654E7F06B3FC50EAC8287C3221CE62ED3EFFCF058EFCCA47');
INSERT INTO "sealed_day" VALUES('platform','2026-11-29',0,0,X'E14CFDF89A1686C7B7971D2993A014A3A0CCB145C4C824F8B9A4D5F900870770',X'79D4B3E4C0CF7FF0D9A3E4352C568F807902924809A2F3B6E00A580BD5613CCA');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-11-30',2,186,X'1708CA677DB1A81B654E7F06B3FC50EAC8287C3221CE62ED3EFFCF058EFCCA47',X'A048172C8B0F0758795CDA5EBA05AA09ABAFE24A51BD57ED59DCFFD498DCA770');
INSERT INTO "sealed_day" VALUES('platform','2026-11-30',0,0,X'79D4B3E4C0CF7FF0D9A3E4352C568F807902924809A2F3B6E00A580BD5613CCA',X'E164A37436B8832494D1A6EF79E1EE24208D7764D604CBD5F260CB9C1DF05A32');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-01',2,188,X'A048172C8B0F0758795CDA5EBA05AA09ABAFE24A51BD57ED59DCFFD498DCA770',X'4079C5784735A89759C37E5B4B95B18DBB22FE3190B41B7570D42DB1C701CA8C');
INSERT INTO "sealed_day" VALUES('platform','2026-12-01',0,0,X'E164A37436B8832494D1A6EF79E1EE24208D7764D604CBD5F260CB9C1DF05A32',X'75D0AA16F4CF99270487A3C8C6AC8FC5EEE90DACF06E896E08C6F3B886097FF9');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-02',2,188,X'4079C5784735A89759C37E5B4B95B18DBB22FE3190B41B7570D42DB1C701CA8C',X'E29B2E32F236D8A7388E37BB42091D7B5E1446CF5476A7FE9A6B93B25663B32B');
INSERT INTO "sealed_day" VALUES('platform','2026-12-02',0,0,X'75D0AA16F4CF99270487A3C8C6AC8FC5EEE90DACF06E896E08C6F3B886097FF9',X'946D3E72233E3E018850A5485740D54AA0A04571E1D54C1981E48912B8AAF833');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-03',2,124,X'E29B2E32F236D8A7388E37BB42091D7B5E1446CF5476A7FE9A6B93B25663B32B',X'0D0BA4C9CBC222E5492CFE2D2F7145272533B35B4F4B1DE67471BD017CF554BF');
INSERT INTO "sealed_day" VALUES('platform','2026-12-03',0,0,X'946D3E72233E3E018850A5485740D54AA0A04571E1D54C1981E48912B8AAF833',X'AE98A0CD6453AA710E49D9F911093188B3B499BBC2135D892D3C4214AD8A7B2C');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-04',2,124,X'0D0BA4C9CBC222E5492CFE2D2F7145272533B35B4F4B1DE67471BD017CF554BF',X'6AE54598A21C4696F35300D4AE79EEDBDD426F5F9C4742CB899AC3892BD5C6BC');
INSERT INTO "sealed_day" VALUES('platform','2026-12-04',0,0,X'AE98A0CD6453AA710E49D9F911093188B3B499BBC2135D892D3C4214AD8A7B2C',X'526CA5A21304B102F35D2BEE32BE0E0ACDED04CCBFDC2301B79E3E42A36B821D');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-05',2,126,X'6AE54598A21C4696F35300D4AE79EEDBDD426F5F9C4742CB899AC3892BD5C6BC',X'E6CCBB9A18E704F707C82C5F659E590388BFF36EE3D06D5755FD550F35DA317E');
INSERT INTO "sealed_day" VALUES('platform','2026-12-05',0,0,X'526CA5A21304B102F35D2BEE32BE0E0ACDED04CCBFDC2301B79E3E42A36B821D',X'9171D57087DC612F33D3ED7B51430D563ADB248966D90287D508BB7744BA91F2');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-06',4,494,X'E6CCBB9A18E704F707C82C5F659E590388BFF36EE3D06D5755FD550F35DA317E',X'1134585ABC2F4131552141903963EAC1CB7CE7099489FB38EF0066F725CF5A10');
INSERT INTO "sealed_day" VALUES('platform','2026-12-06',0,0,X'9171D57087DC612F33D3ED7B51430D563ADB248966D90287D508BB7744BA91F2',X'736E174C90C7FC2FCF3C163FFAA93AB961FC12040E8EAA3B37FE10B77DF30E05');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-07',4,218,X'1134585ABC2F4131552141903963EAC1CB7CE7099489FB38EF0066F725CF5A10',X'E3C93835B66634B0B19AEDDFE6B489EA45B6B0584201BCB2D5D7C26F807C9332');
INSERT INTO "sealed_day" VALUES('platform','2026-12-07',0,0,X'736E174C90C7FC2FCF3C163FFAA93AB961FC12040E8EAA3B37FE10B77DF30E05',X'020F0108AA268E9B37CDAC3B7D887AEF25FD26E29A347E7FD49BDC49ADBF01D8');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-08',4,218,X'E3C93835B66634B0B19AEDDFE6B489EA45B6B0584201BCB2D5D7C26F807C9332',X'C6B477D08C59BAD60ADDB9829B9191600E5A21D7084937A6C9BBCC6E92A2AE83');
INSERT INTO "sealed_day" VALUES('platform','2026-12-08',0,0,X'020F0108AA268E9B37CDAC3B7D887AEF25FD26E29A347E7FD49BDC49ADBF01D8',X'726E5F8C4C4EBA8D3FB720282AEBFB4DEAA2FD855560CFFF5D6818F9A494C69B');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-09',4,218,X'C6B477D08C59BAD60ADDB9829B9191600E5A21D7084937A6C9BBCC6E92A2AE83',X'5FFB049DB262D560D50C38479FEEF9E01F157636B896946292672A82A7B35367');
INSERT INTO "sealed_day" VALUES('platform','2026-12-09',0,0,X'726E5F8C4C4EBA8D3FB720282AEBFB4DEAA2FD855560CFFF5D6818F9A494C69B',X'25C5DD40024C932E6A8F9E4D8B562097B2F439FA76B3B33D15F69A42C34ECD7F');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-10',4,216,X'5FFB049DB262D560D50C38479FEEF9E01F157636B896946292672A82A7B35367',X'7C0B75C435BED8F565973F09CAB50BB7CDC28A1269A7F11C7777C5AFCFE891F7');
INSERT INTO "sealed_day" VALUES('platform','2026-12-10',0,0,X'25C5DD40024C932E6A8F9E4D8B562097B2F439FA76B3B33D15F69A42C34ECD7F',X'44718667CE4421AC7A0079227BCAE94D281EA7C84D4D6098B6E8265690D49474');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-11',4,220,X'7C0B75C435BED8F565973F09CAB50BB7CDC28A1269A7F11C7777C5AFCFE891F7',X'695FE42C164610540B912B72459341850D8F630F1FC28FBC13AA46F5958016F6');
INSERT INTO "sealed_day" VALUES('platform','2026-12-11',0,0,X'44718667CE4421AC7A0079227BCAE94D281EA7C84D4D6098B6E8265690D49474',X'070E65955247FB55F07ED0A8173F0157D4B78AF2BDFEDA2D7F027FA95E490B4B');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-12',4,216,X'695FE42C164610540B912B72459341850D8F630F1FC28FBC13AA46F5958016F6',X'92F25E4F3FE0A3BA748DB74A1C331B19DC4DBCAA3A9FC0688422393D78990104');
INSERT INTO "sealed_day" VALUES('platform','2026-12-12',0,0,X'070E65955247FB55F07ED0A8173F0157D4B78AF2BDFEDA2D7F027FA95E490B4B',X'8B2497735943E780482A87B4FAB99E407664895AFE0A4D89492F3B6418CCEF31');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-13',4,218,X'92F25E4F3FE0A3BA748DB74A1C331B19DC4DBCAA3A9FC0688422393D78990104',X'1D9C225A030EB419C8CC64CF59C3C704EB50E87C14DBFE0C41D540645AF32BEC');
INSERT INTO "sealed_day" VALUES('platform','2026-12-13',0,0,X'8B2497735943E780482A87B4FAB99E407664895AFE0A4D89492F3B6418CCEF31',X'FA7482C3E26FBC6518C18916B4724B6EEFBDAFC19DB8EB2144202EBCB9CDCBC3');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-14',4,218,X'1D9C225A030EB419C8CC64CF59C3C704EB50E87C14DBFE0C41D540645AF32BEC',X'49DA596DAAB4D1421119F03C95DC341A0B32FCFF00D96EB60AE9AE1115A67E61');
INSERT INTO "sealed_day" VALUES('platform','2026-12-14',0,0,X'FA7482C3E26FBC6518C18916B4724B6EEFBDAFC19DB8EB2144202EBCB9CDCBC3',X'828F6E3B3CB574613C66991B737EB9B30E5ECDAD9364237E23B22D95CFC2B31E');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-15',4,218,X'49DA596DAAB4D1421119F03C95DC341A0B32FCFF00D96EB60AE9AE1115A67E61',X'1043452A07324EEB9F30A6831171BA4531B964B7D29B48A97F168E2EB14374E9');
INSERT INTO "sealed_day" VALUES('platform','2026-12-15',0,0,X'828F6E3B3CB574613C66991B737EB9B30E5ECDAD9364237E23B22D95CFC2B31E',X'CA99D45F173C34A54E9528D4F919A5C7A9BD1792E49FD10167E5C2BE28EDC206');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-16',4,216,X'1043452A07324EEB9F30A6831171BA4531B964B7D29B48A97F168E2EB14374E9',X'DC57766469F60412787E6B7B281C2990D01A885EC93E765FED3BCF43167E0F90');
INSERT INTO "sealed_day" VALUES('platform','2026-12-16',0,0,X'CA99D45F173C34A54E9528D4F919A5C7A9BD1792E49FD10167E5C2BE28EDC206',X'06A722C804D5FA340307E9EDD9A64095B664A333C45DF935160554EC3DD87C5E');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-17',4,220,X'DC57766469F60412787E6B7B281C2990D01A885EC93E765FED3BCF43167E0F90',X'CEC707BA87983545AC3E1C7809AE53AB8169C2DF8782C237BCAD15D84437B5FC');
INSERT INTO "sealed_day" VALUES('platform','2026-12-17',0,0,X'06A722C804D5FA340307E9EDD9A64095B664A333C45DF935160554EC3DD87C5E',X'21257DEBE8B42F67F799283BDFC79F56D1D4AA53F491EF0613924B4111DCF0D4');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-18',4,216,X'CEC707BA87983545AC3E1C7809AE53AB8169C2DF8782C237BCAD15D84437B5FC',X'382730FBAF3430F6995C6BD3A2E21D953B762B39D310F9B0E4D803BCBEFA3DBC');
INSERT INTO "sealed_day" VALUES('platform','2026-12-18',0,0,X'21257DEBE8B42F67F799283BDFC79F56D1D4AA53F491EF0613924B4111DCF0D4',X'04ED4CD3383482CE752C967247A48CE10DB0A8A55079FEAC18507A365FD6ED6F');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-19',4,218,X'382730FBAF3430F6995C6BD3A2E21D953B762B39D310F9B0E4D803BCBEFA3DBC',X'CA0BC8C8305D0738690322935C8D044C12D95799F7D38EF31A560CEBB34828F1');
INSERT INTO "sealed_day" VALUES('platform','2026-12-19',0,0,X'04ED4CD3383482CE752C967247A48CE10DB0A8A55079FEAC18507A365FD6ED6F',X'04794A0CB73A936BEB87078EA7FB00AE4E5B04017D9D702C820396A382003947');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-20',4,218,X'CA0BC8C8305D0738690322935C8D044C12D95799F7D38EF31A560CEBB34828F1',X'50929D6244220A24C8A846710D6281E2A7EDC6A24BBA53CDA9D3E431275583EB');
INSERT INTO "sealed_day" VALUES('platform','2026-12-20',0,0,X'04794A0CB73A936BEB87078EA7FB00AE4E5B04017D9D702C820396A382003947',X'3977E23835CBA19DE6FDABE08FEBD13712C7BD5311DD3EDB53B13B370F14095E');
INSERT INTO "sealed_day" VALUES('shenpu_bank','2026-12-21',3,156,X'50929D6244220A24C8A846710D6281E2A7EDC6A24BBA53CDA9D3E431275583EB',X'CF207764C487CD22BC217F55A18EDACE4524F3D857F43AE7F3F0B84CD1249BFF');
INSERT INTO "sealed_day" VALUES('platform','2026-12-21',0,0,X'3977E23835CBA19DE6FDABE08FEBD13712C7BD5311DD3EDB53B13B370F14095E',X'384C9C325C773ACC4B3BD48D0B80749088C5B8F31FD79619F0C28FD864591521');
CREATE TABLE settlement (
	settlement_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	merchant TEXT NOT NULL, 
	settled_on TEXT NOT NULL, 
	paid_fen INTEGER NOT NULL, 
	carried_fen INTEGER NOT NULL, 
	CONSTRAINT pk_settlement PRIMARY KEY (settlement_id), 
	CONSTRAINT ck_settlement_never_negative CHECK (paid_fen >= 0 AND carried_fen <= 0), 
	CONSTRAINT uq_settlement_entity_merchant_settled_on UNIQUE (entity, merchant, settled_on)
)
 STRICT

;
CREATE TABLE settlement_line (
	line_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	merchant TEXT NOT NULL, 
	source TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	due_on TEXT NOT NULL, 
	settlement_id TEXT, 
	CONSTRAINT pk_settlement_line PRIMARY KEY (line_id), 
	CONSTRAINT uq_settlement_line_source_number_kind UNIQUE (source, number, kind)
)
 STRICT

;
CREATE TABLE sign_in_failure (
	name_blind TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	last_at TEXT NOT NULL, 
	CONSTRAINT pk_sign_in_failure PRIMARY KEY (name_blind)
)
 STRICT

;
CREATE TABLE staff_account (
	account_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	user_name TEXT NOT NULL, 
	display_name TEXT NOT NULL, 
	roles TEXT NOT NULL, 
	password_hash TEXT NOT NULL, 
	must_change INTEGER NOT NULL, 
	created_on TEXT NOT NULL, 
	disabled_on TEXT, 
	CONSTRAINT pk_staff_account PRIMARY KEY (account_id), 
	CONSTRAINT uq_staff_account_user_name UNIQUE (user_name)
)
 STRICT

;
CREATE TABLE staff_seat (
	login_id TEXT NOT NULL, 
	role TEXT NOT NULL, 
	CONSTRAINT pk_staff_seat PRIMARY KEY (login_id)
)
 STRICT

;
CREATE TABLE stream (
	stream TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	stage TEXT NOT NULL, 
	CONSTRAINT pk_stream PRIMARY KEY (stream)
)
 STRICT

;
INSERT INTO "stream" VALUES('ps_01m6czr880w51dkkh840n552gd','platform',1,'active');
INSERT INTO "stream" VALUES('qt_01m6czr880wtq8tpd6ky6mtj52','platform',2,'accepted');
INSERT INTO "stream" VALUES('cn_01m6czr8805gae311bskr5g97c','shenpu_bank',1,'granted');
INSERT INTO "stream" VALUES('cn_01m6czr880b98jmtcazqg08j6c','shenpu_bank',1,'granted');
INSERT INTO "stream" VALUES('ap_01m6czr880gnz4xbhxcxss16p5','shenpu_bank',2,'approved');
INSERT INTO "stream" VALUES('ct_01m6czr880yz6s6wffng1bd1ps','shenpu_bank',3,'signed');
INSERT INTO "stream" VALUES('ln_01m6czrj0gq7f2gnjfj74mhkvw','shenpu_bank',3,'active');
INSERT INTO "stream" VALUES('py_01m6czrj0gz7trepat6nsxw32w','shenpu_bank',3,'settled');
INSERT INTO "stream" VALUES('qt_01m6czrj0ghxv75fk1fphz157y','platform',2,'accepted');
INSERT INTO "stream" VALUES('cn_01m6czrj0gdcegtyy1cw12hxpc','shenpu_bank',1,'granted');
INSERT INTO "stream" VALUES('cn_01m6czrj0gmvvz8kpts03cw4hm','shenpu_bank',1,'granted');
INSERT INTO "stream" VALUES('ap_01m6czrj0gh2hbqpcxvvrmw22q','shenpu_bank',2,'approved');
INSERT INTO "stream" VALUES('ct_01m6czrj0g2ys22hepg6ft3m2e','shenpu_bank',3,'signed');
INSERT INTO "stream" VALUES('ln_01m6czrvs0m04avv7azhrzf4j5','shenpu_bank',4,'active');
INSERT INTO "stream" VALUES('py_01m6czrvs0thwqtabgdyjs2dey','shenpu_bank',3,'settled');
INSERT INTO "stream" VALUES('pr_01ma8jvbs0addrpahrry4e1kc8','shenpu_bank',2,'approved');
CREATE TABLE tree_head (
	size INTEGER NOT NULL, 
	root BLOB NOT NULL, 
	signed_at TEXT NOT NULL, 
	signature BLOB NOT NULL, 
	CONSTRAINT pk_tree_head PRIMARY KEY (size)
)
 STRICT

;
CREATE TABLE tree_node (
	level INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	hash BLOB NOT NULL, 
	CONSTRAINT pk_tree_node PRIMARY KEY (level, position)
)
 STRICT

;
CREATE TABLE used_key (
	scope TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	request_hash TEXT NOT NULL, 
	answer TEXT, 
	CONSTRAINT pk_used_key PRIMARY KEY (scope, "key")
)
 STRICT

;
CREATE TABLE voucher (
	voucher_id TEXT NOT NULL, 
	person_id TEXT NOT NULL, 
	scheme TEXT NOT NULL, 
	category TEXT NOT NULL, 
	valid_from TEXT NOT NULL, 
	valid_to TEXT NOT NULL, 
	used_on TEXT, 
	CONSTRAINT pk_voucher PRIMARY KEY (voucher_id)
)
 STRICT

;
CREATE TABLE webhook_endpoint (
	endpoint_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	url TEXT NOT NULL, 
	types TEXT NOT NULL, 
	disabled_on TEXT, 
	CONSTRAINT pk_webhook_endpoint PRIMARY KEY (endpoint_id)
)
 STRICT

;
CREATE TABLE work_case (
	case_id TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	opened_on TEXT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_work_case PRIMARY KEY (case_id), 
	CONSTRAINT uq_work_case_kind_subject_opened_on UNIQUE (kind, subject, opened_on)
)
 STRICT

;
CREATE INDEX ix_application_device ON application (device);
CREATE INDEX ix_application_person_id ON application (person_id);
CREATE INDEX ix_audit_subject ON audit (subject);
CREATE INDEX ix_consent_person_id_purpose ON consent (person_id, purpose);
CREATE INDEX ix_contract_application_id ON contract (application_id);
CREATE INDEX ix_decision_application_id ON decision (application_id);
CREATE INDEX ix_document_subject_kind ON document (subject, kind);
CREATE INDEX ix_leaf_subject_kind ON leaf (subject, kind);
CREATE INDEX ix_loan_entity_shard ON loan (entity, shard);
CREATE INDEX ix_loan_person_id ON loan (person_id);
CREATE INDEX ix_outbox_status_next_attempt_at ON outbox (status, next_attempt_at);
CREATE INDEX ix_payment_entity_value_date ON payment (entity, value_date);
CREATE INDEX ix_posted_entity_account ON posted (entity, account);
CREATE INDEX ix_posting_entity_booking_date ON posting (entity, booking_date);
CREATE INDEX ix_posting_source ON posting (source);
CREATE INDEX ix_quote_person_id ON quote (person_id);
CREATE INDEX ix_stream_entity_stage ON stream (entity, stage);
CREATE INDEX ix_payment_subject ON payment (subject);
CREATE INDEX ix_voucher_person_id ON voucher (person_id);
CREATE INDEX ix_claim_line_source ON claim_line (source);
CREATE INDEX ix_loan_merchant_loan_id ON loan (merchant, loan_id);
CREATE INDEX ix_loan_session_id ON loan (session_id);
CREATE INDEX ix_application_session_id ON application (session_id);
CREATE INDEX ix_api_key_entity ON api_key (entity);
CREATE INDEX ix_checkout_session_entity_session_id ON checkout_session (entity, session_id);
CREATE INDEX ix_notice_entity_notice_id ON notice (entity, notice_id);
CREATE INDEX ix_webhook_endpoint_entity_endpoint_id ON webhook_endpoint (entity, endpoint_id);
CREATE INDEX ix_person_mobile_blind ON person (mobile_blind);
CREATE INDEX ix_document_person_id_kind ON document (person_id, kind);
CREATE INDEX ix_one_time_code_mobile_blind_sent_at ON one_time_code (mobile_blind, sent_at);
CREATE INDEX ix_login_kind_subject ON login (kind, subject);
CREATE INDEX ix_login_ended_at_expires_at ON login (ended_at, expires_at);
CREATE INDEX ix_staff_account_entity_account_id ON staff_account (entity, account_id);
CREATE INDEX ix_proposal_entity_proposal_id ON proposal (entity, proposal_id);
CREATE INDEX ix_proposal_flow_subject ON proposal (flow, subject);
CREATE INDEX ix_settlement_merchant_settlement_id ON settlement (merchant, settlement_id);
CREATE INDEX ix_settlement_line_entity_settlement_id_merchant ON settlement_line (entity, settlement_id, merchant);
CREATE INDEX ix_settlement_line_settlement_id ON settlement_line (settlement_id);
CREATE INDEX ix_position_entity_shard ON position (entity, shard);
CREATE INDEX ix_open_due_entity_shard ON open_due (entity, shard);
COMMIT;
