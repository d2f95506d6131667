using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace NexLlm.Dashboard.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class ChannelApis : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "PriceUnit",
                table: "ChannelModels",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            // By hand, because EF Core would copy the whole table to add the constraint.
            migrationBuilder.Sql("""
                ALTER TABLE "ChannelModels" ADD COLUMN "PriceTokens" INTEGER NULL CONSTRAINT "CK_ChannelModels_Price"
                    CHECK ((PriceUnit IS NULL) = (PriceTokens IS NULL) AND (PriceTokens IS NULL OR (typeof(PriceTokens) = 'integer' AND PriceTokens >= 0)))
                """);

            migrationBuilder.CreateTable(
                name: "ChannelApis",
                columns: table => new
                {
                    ChannelId = table.Column<long>(type: "INTEGER", nullable: false),
                    Api = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    BaseUrl = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ChannelApis", x => new { x.ChannelId, x.Api });
                    table.ForeignKey(
                        name: "FK_ChannelApis_Channels_ChannelId",
                        column: x => x.ChannelId,
                        principalTable: "Channels",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            // What each type of channel spoke so far, and what has come to its provider's API since. The built-in channel's are set at every start.
            migrationBuilder.Sql("""
                WITH Spoken(Type, Api) AS (VALUES
                    ('OpenAI', 'ChatCompletions'), ('OpenAI', 'Completions'), ('OpenAI', 'Embeddings'), ('OpenAI', 'Responses'),
                    ('OpenAI', 'ImageGenerations'), ('OpenAI', 'ImageEdits'), ('OpenAI', 'Speech'), ('OpenAI', 'Transcriptions'),
                    ('OpenAI', 'Translations'), ('OpenAI', 'Moderations'),
                    ('Anthropic', 'Messages'), ('Anthropic', 'CountTokens'))
                INSERT INTO ChannelApis (ChannelId, Api)
                SELECT Channels.Id, Spoken.Api FROM Channels JOIN Spoken ON Spoken.Type = Channels.Type
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ChannelApis");

            migrationBuilder.Sql("""ALTER TABLE "ChannelModels" DROP COLUMN "PriceTokens" """);
            migrationBuilder.Sql("""ALTER TABLE "ChannelModels" DROP COLUMN "PriceUnit" """);
        }
    }
}
