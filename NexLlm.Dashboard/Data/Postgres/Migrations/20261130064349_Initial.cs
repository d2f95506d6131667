using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace NexLlm.Dashboard.Data.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "accounts",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    createdat = table.Column<long>(type: "bigint", nullable: false),
                    disabledat = table.Column<long>(type: "bigint", nullable: true),
                    tokenlimit = table.Column<long>(type: "bigint", nullable: true),
                    usedtokens = table.Column<long>(type: "bigint", nullable: false),
                    lastauthenticatorstep = table.Column<long>(type: "bigint", nullable: true),
                    username = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true, collation: "C"),
                    normalizedusername = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true, collation: "C"),
                    email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true, collation: "C"),
                    normalizedemail = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true, collation: "C"),
                    emailconfirmed = table.Column<bool>(type: "boolean", nullable: false),
                    passwordhash = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    securitystamp = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    concurrencystamp = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    phonenumber = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true, collation: "C"),
                    phonenumberconfirmed = table.Column<bool>(type: "boolean", nullable: false),
                    twofactorenabled = table.Column<bool>(type: "boolean", nullable: false),
                    lockoutend = table.Column<long>(type: "bigint", nullable: true),
                    lockoutenabled = table.Column<bool>(type: "boolean", nullable: false),
                    accessfailedcount = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_accounts", x => x.id);
                    table.CheckConstraint("ck_accounts_tokenlimit", "TokenLimit IS NULL OR (TokenLimit >= 0)");
                    table.CheckConstraint("ck_accounts_usedtokens", "UsedTokens >= 0");
                });

            migrationBuilder.CreateTable(
                name: "aspnetroles",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true, collation: "C"),
                    normalizedname = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true, collation: "C"),
                    concurrencystamp = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_aspnetroles", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "auditevents",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    action = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    actorid = table.Column<long>(type: "bigint", nullable: true),
                    address = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ownerid = table.Column<long>(type: "bigint", nullable: true),
                    keyid = table.Column<long>(type: "bigint", nullable: true),
                    changes = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    hash = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_auditevents", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "channelgroups",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    description = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true, collation: "C"),
                    ratiomillionths = table.Column<long>(type: "bigint", nullable: false),
                    isenabled = table.Column<bool>(type: "boolean", nullable: false),
                    isprovisioned = table.Column<bool>(type: "boolean", nullable: false),
                    deletedat = table.Column<long>(type: "bigint", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_channelgroups", x => x.id);
                    table.CheckConstraint("ck_channelgroups_ratio", "RatioMillionths > 0");
                });

            migrationBuilder.CreateTable(
                name: "channels",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    type = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false, collation: "C"),
                    baseurl = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    protectedapikey = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    isenabled = table.Column<bool>(type: "boolean", nullable: false),
                    isprovisioned = table.Column<bool>(type: "boolean", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    weight = table.Column<int>(type: "integer", nullable: false),
                    deletedat = table.Column<long>(type: "bigint", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_channels", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "charges",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false),
                    requestid = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    keyid = table.Column<long>(type: "bigint", nullable: false),
                    accountid = table.Column<long>(type: "bigint", nullable: false),
                    groupid = table.Column<long>(type: "bigint", nullable: false),
                    model = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, collation: "C"),
                    state = table.Column<int>(type: "integer", nullable: false),
                    source = table.Column<int>(type: "integer", nullable: false),
                    ratiomillionths = table.Column<long>(type: "bigint", nullable: false),
                    reservedtokens = table.Column<long>(type: "bigint", nullable: false),
                    inputtokens = table.Column<long>(type: "bigint", nullable: false),
                    outputtokens = table.Column<long>(type: "bigint", nullable: false),
                    chargedtokens = table.Column<long>(type: "bigint", nullable: false),
                    isclamped = table.Column<bool>(type: "boolean", nullable: false),
                    settlement = table.Column<long>(type: "bigint", nullable: true),
                    startedat = table.Column<long>(type: "bigint", nullable: false),
                    settledat = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_charges", x => x.id);
                    table.CheckConstraint("ck_charges_chargedtokens", "ChargedTokens >= 0");
                    table.CheckConstraint("ck_charges_inputtokens", "InputTokens >= 0");
                    table.CheckConstraint("ck_charges_outputtokens", "OutputTokens >= 0");
                    table.CheckConstraint("ck_charges_reservedtokens", "ReservedTokens >= 0");
                });

            migrationBuilder.CreateTable(
                name: "dataprotectionkeys",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    friendlyname = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    xml = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_dataprotectionkeys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "failedtries",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    subject = table.Column<byte[]>(type: "bytea", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_failedtries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "invitations",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false, collation: "C"),
                    normalizedemail = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tokenhash = table.Column<byte[]>(type: "bytea", nullable: false),
                    tokenlimit = table.Column<long>(type: "bigint", nullable: true),
                    expiresat = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitations", x => x.id);
                    table.CheckConstraint("ck_invitations_tokenlimit", "TokenLimit IS NULL OR (TokenLimit >= 0)");
                });

            migrationBuilder.CreateTable(
                name: "keyusage",
                columns: table => new
                {
                    period = table.Column<int>(type: "integer", nullable: false),
                    start = table.Column<long>(type: "bigint", nullable: false),
                    accountid = table.Column<long>(type: "bigint", nullable: false),
                    keyid = table.Column<long>(type: "bigint", nullable: false),
                    requests = table.Column<long>(type: "bigint", nullable: false),
                    inputtokens = table.Column<long>(type: "bigint", nullable: false),
                    outputtokens = table.Column<long>(type: "bigint", nullable: false),
                    chargedtokens = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_keyusage", x => new { x.period, x.start, x.accountid, x.keyid });
                });

            migrationBuilder.CreateTable(
                name: "ledgerstate",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false),
                    watermark = table.Column<long>(type: "bigint", nullable: false),
                    oldestopenid = table.Column<long>(type: "bigint", nullable: false),
                    prunedbefore = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ledgerstate", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "modelusage",
                columns: table => new
                {
                    period = table.Column<int>(type: "integer", nullable: false),
                    start = table.Column<long>(type: "bigint", nullable: false),
                    accountid = table.Column<long>(type: "bigint", nullable: false),
                    model = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, collation: "C"),
                    requests = table.Column<long>(type: "bigint", nullable: false),
                    inputtokens = table.Column<long>(type: "bigint", nullable: false),
                    outputtokens = table.Column<long>(type: "bigint", nullable: false),
                    chargedtokens = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_modelusage", x => new { x.period, x.start, x.accountid, x.model });
                });

            migrationBuilder.CreateTable(
                name: "usagequarters",
                columns: table => new
                {
                    quarter = table.Column<long>(type: "bigint", nullable: false),
                    keyid = table.Column<long>(type: "bigint", nullable: false),
                    groupid = table.Column<long>(type: "bigint", nullable: false),
                    model = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, collation: "C"),
                    accountid = table.Column<long>(type: "bigint", nullable: false),
                    countedrequests = table.Column<long>(type: "bigint", nullable: false),
                    requests = table.Column<long>(type: "bigint", nullable: false),
                    inputtokens = table.Column<long>(type: "bigint", nullable: false),
                    outputtokens = table.Column<long>(type: "bigint", nullable: false),
                    chargedtokens = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_usagequarters", x => new { x.quarter, x.keyid, x.groupid, x.model });
                });

            migrationBuilder.CreateTable(
                name: "aspnetuserclaims",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    userid = table.Column<long>(type: "bigint", nullable: false),
                    claimtype = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    claimvalue = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_aspnetuserclaims", x => x.id);
                    table.ForeignKey(
                        name: "fk_aspnetuserclaims_accounts_userid",
                        column: x => x.userid,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "aspnetuserlogins",
                columns: table => new
                {
                    loginprovider = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    providerkey = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    providerdisplayname = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    userid = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_aspnetuserlogins", x => new { x.loginprovider, x.providerkey });
                    table.ForeignKey(
                        name: "fk_aspnetuserlogins_accounts_userid",
                        column: x => x.userid,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "aspnetuserpasskeys",
                columns: table => new
                {
                    credentialid = table.Column<byte[]>(type: "bytea", maxLength: 1024, nullable: false),
                    userid = table.Column<long>(type: "bigint", nullable: false),
                    data = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_aspnetuserpasskeys", x => x.credentialid);
                    table.ForeignKey(
                        name: "fk_aspnetuserpasskeys_accounts_userid",
                        column: x => x.userid,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "aspnetusertokens",
                columns: table => new
                {
                    userid = table.Column<long>(type: "bigint", nullable: false),
                    loginprovider = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    name = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    value = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_aspnetusertokens", x => new { x.userid, x.loginprovider, x.name });
                    table.ForeignKey(
                        name: "fk_aspnetusertokens_accounts_userid",
                        column: x => x.userid,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "passwordresets",
                columns: table => new
                {
                    accountid = table.Column<long>(type: "bigint", nullable: false),
                    tokenhash = table.Column<byte[]>(type: "bytea", nullable: false),
                    expiresat = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_passwordresets", x => x.accountid);
                    table.ForeignKey(
                        name: "fk_passwordresets_accounts_accountid",
                        column: x => x.accountid,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sessions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    accountid = table.Column<long>(type: "bigint", nullable: false),
                    createdat = table.Column<long>(type: "bigint", nullable: false),
                    lastseenat = table.Column<long>(type: "bigint", nullable: false),
                    expiresat = table.Column<long>(type: "bigint", nullable: false),
                    endedat = table.Column<long>(type: "bigint", nullable: true),
                    useragent = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true, collation: "C"),
                    address = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    method = table.Column<int>(type: "integer", nullable: false),
                    authenticatedat = table.Column<long>(type: "bigint", nullable: false),
                    securitystamp = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    provider = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    providersubject = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    providersessionid = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    protectedidtoken = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sessions", x => x.id);
                    table.ForeignKey(
                        name: "fk_sessions_accounts_accountid",
                        column: x => x.accountid,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "aspnetroleclaims",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    roleid = table.Column<long>(type: "bigint", nullable: false),
                    claimtype = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    claimvalue = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_aspnetroleclaims", x => x.id);
                    table.ForeignKey(
                        name: "fk_aspnetroleclaims_aspnetroles_roleid",
                        column: x => x.roleid,
                        principalTable: "aspnetroles",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "aspnetuserroles",
                columns: table => new
                {
                    userid = table.Column<long>(type: "bigint", nullable: false),
                    roleid = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_aspnetuserroles", x => new { x.userid, x.roleid });
                    table.ForeignKey(
                        name: "fk_aspnetuserroles_accounts_userid",
                        column: x => x.userid,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_aspnetuserroles_aspnetroles_roleid",
                        column: x => x.roleid,
                        principalTable: "aspnetroles",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "apikeys",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ownerid = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    normalizedname = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    secrethash = table.Column<byte[]>(type: "bytea", nullable: false),
                    displayform = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    isenabled = table.Column<bool>(type: "boolean", nullable: false),
                    expiresat = table.Column<long>(type: "bigint", nullable: true),
                    tokenlimit = table.Column<long>(type: "bigint", nullable: true),
                    allowedmodels = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    allowedips = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    allowsanyip = table.Column<bool>(type: "boolean", nullable: false),
                    groupid = table.Column<long>(type: "bigint", nullable: false),
                    usedtokens = table.Column<long>(type: "bigint", nullable: false),
                    lastusedat = table.Column<long>(type: "bigint", nullable: true),
                    createdat = table.Column<long>(type: "bigint", nullable: false),
                    deletedat = table.Column<long>(type: "bigint", nullable: true),
                    purgedat = table.Column<long>(type: "bigint", nullable: true),
                    createrequestid = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_apikeys", x => x.id);
                    table.CheckConstraint("ck_apikeys_tokenlimit", "TokenLimit IS NULL OR (TokenLimit >= 0)");
                    table.CheckConstraint("ck_apikeys_usedtokens", "UsedTokens >= 0");
                    table.ForeignKey(
                        name: "fk_apikeys_accounts_ownerid",
                        column: x => x.ownerid,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_apikeys_channelgroups_groupid",
                        column: x => x.groupid,
                        principalTable: "channelgroups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "channelapis",
                columns: table => new
                {
                    channelid = table.Column<long>(type: "bigint", nullable: false),
                    api = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false, collation: "C"),
                    baseurl = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_channelapis", x => new { x.channelid, x.api });
                    table.ForeignKey(
                        name: "fk_channelapis_channels_channelid",
                        column: x => x.channelid,
                        principalTable: "channels",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "channelgroupmembers",
                columns: table => new
                {
                    channelsid = table.Column<long>(type: "bigint", nullable: false),
                    groupsid = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_channelgroupmembers", x => new { x.channelsid, x.groupsid });
                    table.ForeignKey(
                        name: "fk_channelgroupmembers_channelgroups_groupsid",
                        column: x => x.groupsid,
                        principalTable: "channelgroups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_channelgroupmembers_channels_channelsid",
                        column: x => x.channelsid,
                        principalTable: "channels",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "channelmodels",
                columns: table => new
                {
                    channelid = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, collation: "C"),
                    upstreamname = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true, collation: "C"),
                    contexttokens = table.Column<int>(type: "integer", nullable: true),
                    maxoutputtokens = table.Column<int>(type: "integer", nullable: true),
                    pricetokens = table.Column<long>(type: "bigint", nullable: true),
                    priceunit = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_channelmodels", x => new { x.channelid, x.name });
                    table.CheckConstraint("ck_channelmodels_price", "(PriceUnit IS NULL) = (PriceTokens IS NULL) AND (PriceTokens IS NULL OR (PriceTokens >= 0))");
                    table.ForeignKey(
                        name: "fk_channelmodels_channels_channelid",
                        column: x => x.channelid,
                        principalTable: "channels",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "ledgerstate",
                columns: new[] { "id", "oldestopenid", "prunedbefore", "watermark" },
                values: new object[] { 1L, 1L, 0L, 0L });

            migrationBuilder.CreateIndex(
                name: "emailindex",
                table: "accounts",
                column: "normalizedemail",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "usernameindex",
                table: "accounts",
                column: "normalizedusername",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_apikeys_displayform",
                table: "apikeys",
                column: "displayform");

            migrationBuilder.CreateIndex(
                name: "ix_apikeys_groupid",
                table: "apikeys",
                column: "groupid");

            migrationBuilder.CreateIndex(
                name: "ix_apikeys_list",
                table: "apikeys",
                columns: new[] { "ownerid", "deletedat", "normalizedname", "createdat", "lastusedat", "expiresat", "isenabled", "tokenlimit", "usedtokens", "allowsanyip" });

            migrationBuilder.CreateIndex(
                name: "ix_apikeys_ownerid_createrequestid",
                table: "apikeys",
                columns: new[] { "ownerid", "createrequestid" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_apikeys_ownerid_normalizedname",
                table: "apikeys",
                columns: new[] { "ownerid", "normalizedname" },
                unique: true,
                filter: "DeletedAt IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_apikeys_purge",
                table: "apikeys",
                column: "deletedat",
                filter: "DeletedAt IS NOT NULL AND PurgedAt IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_apikeys_secrethash",
                table: "apikeys",
                column: "secrethash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_aspnetroleclaims_roleid",
                table: "aspnetroleclaims",
                column: "roleid");

            migrationBuilder.CreateIndex(
                name: "rolenameindex",
                table: "aspnetroles",
                column: "normalizedname",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_aspnetuserclaims_userid",
                table: "aspnetuserclaims",
                column: "userid");

            migrationBuilder.CreateIndex(
                name: "ix_aspnetuserlogins_userid",
                table: "aspnetuserlogins",
                column: "userid");

            migrationBuilder.CreateIndex(
                name: "ix_aspnetuserpasskeys_userid",
                table: "aspnetuserpasskeys",
                column: "userid");

            migrationBuilder.CreateIndex(
                name: "ix_aspnetuserroles_roleid",
                table: "aspnetuserroles",
                column: "roleid");

            migrationBuilder.CreateIndex(
                name: "ix_auditevents_action_id",
                table: "auditevents",
                columns: new[] { "action", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_auditevents_actorid_id",
                table: "auditevents",
                columns: new[] { "actorid", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_auditevents_keyid_id",
                table: "auditevents",
                columns: new[] { "keyid", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_auditevents_ownerid_id",
                table: "auditevents",
                columns: new[] { "ownerid", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_channelgroupmembers_groupsid",
                table: "channelgroupmembers",
                column: "groupsid");

            migrationBuilder.CreateIndex(
                name: "ix_channelgroups_name",
                table: "channelgroups",
                column: "name",
                unique: true,
                filter: "DeletedAt IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_channels_name",
                table: "channels",
                column: "name",
                unique: true,
                filter: "DeletedAt IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_failedtries_at",
                table: "failedtries",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_failedtries_subject_at",
                table: "failedtries",
                columns: new[] { "subject", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_invitations_normalizedemail",
                table: "invitations",
                column: "normalizedemail",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invitations_tokenhash",
                table: "invitations",
                column: "tokenhash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_passwordresets_tokenhash",
                table: "passwordresets",
                column: "tokenhash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sessions_accountid_lastseenat",
                table: "sessions",
                columns: new[] { "accountid", "lastseenat" });

            migrationBuilder.CreateIndex(
                name: "ix_sessions_provider_providersubject",
                table: "sessions",
                columns: new[] { "provider", "providersubject" });
            migrationBuilder.Sql(LastIds.Table);
            migrationBuilder.Sql(LastIds.Of("auditevents"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "apikeys");

            migrationBuilder.DropTable(
                name: "aspnetroleclaims");

            migrationBuilder.DropTable(
                name: "aspnetuserclaims");

            migrationBuilder.DropTable(
                name: "aspnetuserlogins");

            migrationBuilder.DropTable(
                name: "aspnetuserpasskeys");

            migrationBuilder.DropTable(
                name: "aspnetuserroles");

            migrationBuilder.DropTable(
                name: "aspnetusertokens");

            migrationBuilder.DropTable(
                name: "auditevents");

            migrationBuilder.DropTable(
                name: "channelapis");

            migrationBuilder.DropTable(
                name: "channelgroupmembers");

            migrationBuilder.DropTable(
                name: "channelmodels");

            migrationBuilder.DropTable(
                name: "charges");

            migrationBuilder.DropTable(
                name: "dataprotectionkeys");

            migrationBuilder.DropTable(
                name: "failedtries");

            migrationBuilder.DropTable(
                name: "invitations");

            migrationBuilder.DropTable(
                name: "keyusage");

            migrationBuilder.DropTable(
                name: "ledgerstate");

            migrationBuilder.DropTable(
                name: "modelusage");

            migrationBuilder.DropTable(
                name: "passwordresets");

            migrationBuilder.DropTable(
                name: "sessions");

            migrationBuilder.DropTable(
                name: "usagequarters");

            migrationBuilder.DropTable(
                name: "aspnetroles");

            migrationBuilder.DropTable(
                name: "channelgroups");

            migrationBuilder.DropTable(
                name: "channels");

            migrationBuilder.DropTable(
                name: "accounts");
        }
    }
}
