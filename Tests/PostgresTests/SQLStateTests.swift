import Testing

@testable import Postgres

@Suite struct SQLStateTests {
    @Test(arguments: [
        "08000", "08006", "08P01", "40001", "40P01", "25006", "25P03", "53100", "53200", "53300", "55P03", "57014",
        "57P01", "57P02", "57P03", "57P05", "58000", "58030", "58P01", "72000", "XX000", "XX001", "XX002",
    ]) func `what is about the server and not about what was asked passes`(state: String) {
        #expect(SQLState(rawValue: state).isPassing)
    }

    @Test(arguments: [
        "", "22023", "23505", "23503", "25P02", "28000", "40002", "42501", "42601", "42P01", "54001", "55000", "CV001",
        "P0001",
    ]) func `what is about what was asked, or our own fault, does not`(state: String) {
        #expect(!SQLState(rawValue: state).isPassing)
    }

    @Test func `every variable that libpq reads is known`() {
        // Manual of libpq, 34.15.
        let variables: Set<String> = [
            "PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD", "PGPASSFILE", "PGCHANNELBINDING",
            "PGSERVICE", "PGSERVICEFILE", "PGOPTIONS", "PGAPPNAME", "PGSSLMODE", "PGREQUIRESSL", "PGSSLCOMPRESSION",
            "PGSSLCERT", "PGSSLKEY", "PGSSLROOTCERT", "PGSSLCRL", "PGSSLCRLDIR", "PGSSLSNI", "PGREQUIREPEER",
            "PGSSLMINPROTOCOLVERSION", "PGSSLMAXPROTOCOLVERSION", "PGGSSENCMODE", "PGKRBSRVNAME", "PGGSSLIB",
            "PGCONNECT_TIMEOUT", "PGCLIENTENCODING", "PGTARGETSESSIONATTRS", "PGDATESTYLE", "PGTZ", "PGGEQO",
            "PGSYSCONFDIR", "PGLOCALEDIR",
        ]
        #expect(variables.subtracting(LibpqEnvironment.names) == [])
    }
}
