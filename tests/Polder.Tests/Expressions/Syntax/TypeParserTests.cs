using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Xunit;

namespace Polder.Tests.Expressions.Syntax;

public sealed class TypeParserTests
{
    [Theory]
    [InlineData("BIGINT", "bigint")]
    [InlineData("long", "bigint")]
    [InlineData("Dec(10, 5)", "decimal(10,5)")]
    [InlineData("NUMERIC", "decimal(10,0)")]
    [InlineData("real", "float")]
    [InlineData("char(5)", "char(5)")]
    [InlineData("TIMESTAMP WITHOUT TIME ZONE", "timestamp_ntz")]
    [InlineData("time(3)", "time(3)")]
    [InlineData("interval day to second", "interval day to second")]
    [InlineData("INTERVAL YEAR", "interval year")]
    [InlineData("interval", "interval")]
    [InlineData("array<map<string, array<int>>>", "array<map<string,array<int>>>")]
    [InlineData("STRUCT<>", "struct<>")]
    [InlineData("struct<a: int, `b c` string NOT NULL>", "struct<a:int,b c:string>")]
    [InlineData("variant", "variant")]
    [InlineData("void", "void")]
    public void A_type_is_read_from_its_name(string text, string type) =>
        Assert.Equal(type, TypeParser.ParseType(text).ToString());

    [Theory]
    [InlineData("decimal(39,0)", "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION")]
    [InlineData("varchar", "DATATYPE_MISSING_SIZE")]
    [InlineData("uuid", "UNSUPPORTED_DATATYPE")]
    [InlineData("int(4)", "UNSUPPORTED_DATATYPE")]
    [InlineData("time(7)", "UNSUPPORTED_TIME_PRECISION")]
    [InlineData("array<int", "PARSE_SYNTAX_ERROR")]
    [InlineData("interval month to day", "_LEGACY_ERROR_TEMP_0028")]
    [InlineData("string collate unicode", QueryException.Unsupported)]
    public void What_is_no_type_is_refused_as_Spark_does(string text, string condition) =>
        Assert.Equal(condition, Assert.Throws<QueryException>(() => TypeParser.ParseType(text)).Condition);

    [Fact]
    public void A_schema_keeps_nullability_and_comments()
    {
        DataType schema = TypeParser.ParseSchema(
            "id BIGINT NOT NULL, `a b` STRING COMMENT 'it''s \"this\"', s STRUCT<x: INT NOT NULL>");

        Assert.Equal("struct<id:bigint,a b:string,s:struct<x:int>>", schema.ToString());
        Assert.False(schema.Fields[0].Nullable);
        Assert.True(schema.Fields[1].Nullable);
        Assert.Equal("\"it's \\\"this\\\"\"", schema.Fields[1].Metadata["comment"]);
        Assert.False(schema.Fields[2].Type.Fields[0].Nullable);
    }
}
