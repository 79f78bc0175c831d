using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;
using Polder.Storage.Local;
using Xunit;
using Sharp = ParquetSharp;

namespace Polder.Tests.Files;

/// <summary>Strings as dictionaries and views are the strings that offsets give.</summary>
public sealed class StringFormTests
{
    public static MatrixTheoryData<string, StringForm> Forms => new(
        ["flights-3m.parquet", "tpch-sf0.1/orders.parquet", "tpch-sf0.1/customer.parquet"],
        [StringForm.Dictionary, StringForm.Views]);

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Every_string_of_a_real_file_is_the_same_in_every_form(string name, StringForm form)
    {
        string file = Corpus.Path("data", name);
        await using ParquetFileReader reader = await OpenAsync(file);
        await SameAsync(reader, form);
    }

    [Theory]
    [InlineData(StringForm.Dictionary)]
    [InlineData(StringForm.Views)]
    public async Task Nulls_fallback_pages_and_chosen_rows_keep_their_strings(StringForm form)
    {
        using TemporaryFolder folder = new();
        string file = System.IO.Path.Combine(folder.Path, "mixed.parquet");
        string?[] values = [.. Enumerable.Range(0, 20_000).Select(row =>
            row % 7 == 0 ? null : row < 6_000 ? $"word {row % 50}" : $"a longer string of number {row}")];
        WriteMixed(file, values);
        await using ParquetFileReader reader = await OpenAsync(file);
        Assert.Contains(
            reader.Footer.RowGroups[0].Columns[0].EncodingCounts,
            count => count is { Type: PageType.DataPage, Encoding: ParquetEncoding.Plain });
        List<string?> read = [];
        ParquetReadOptions options = new() { Strings = form };
        await foreach (RecordBatch batch in reader.ReadAsync(options))
        {
            Assert.Equal(reader.SchemaOf(options).ToString(), batch.Schema.ToString());
            read.AddRange(Strings(batch.Column(0)));
        }

        Assert.Equal(values, read);
    }

    [Fact]
    public async Task A_dictionary_is_shared_by_the_batches_of_a_row_group_and_absent_where_a_chunk_has_none()
    {
        await using ParquetFileReader reader = await OpenAsync(Corpus.Path("data", "tpch-sf0.1", "lineitem.parquet"));
        ParquetReadOptions options = new()
        {
            Strings = StringForm.Dictionary, Columns = ["l_shipmode", "l_comment"], RowGroups = [0],
        };
        HashSet<ArrayData> dictionaries = [];
        await foreach (RecordBatch batch in reader.ReadAsync(options))
        {
            dictionaries.Add(batch.Column(0).Data.Dictionary);
            Assert.IsType<StringArray>(batch.Column(1));
        }

        Assert.Single(dictionaries);
        Assert.Equal(7, dictionaries.Single().Length);
    }

    private static async Task SameAsync(ParquetFileReader reader, StringForm form)
    {
        string[] texts = Texts(reader);
        IAsyncEnumerator<RecordBatch> expected = reader
            .ReadAsync(new ParquetReadOptions { Columns = texts, RowGroups = [0] }).GetAsyncEnumerator();
        bool anyForm = false;
        await foreach (RecordBatch batch in reader.ReadAsync(
            new ParquetReadOptions { Columns = texts, RowGroups = [0], Strings = form }))
        {
            Assert.True(await expected.MoveNextAsync());
            for (int column = 0; column < batch.ColumnCount; column++)
            {
                anyForm |= batch.Column(column) is DictionaryArray == (form == StringForm.Dictionary);
                Assert.Equal(Strings(expected.Current.Column(column)), Strings(batch.Column(column)));
            }
        }

        Assert.True(anyForm);
        Assert.False(await expected.MoveNextAsync());
        await expected.DisposeAsync();
    }

    private static IEnumerable<string?> Strings(IArrowArray array) => array switch
    {
        DictionaryArray dictionary => Positions(dictionary).Select(position =>
            position < 0 ? null : ((StringArray)dictionary.Dictionary).GetString(position)),
        StringViewArray views => Enumerable.Range(0, views.Length).Select(row => views.GetString(row)),
        _ => Enumerable.Range(0, array.Length).Select(row => ((StringArray)array).GetString(row)),
    };

    private static IEnumerable<int> Positions(DictionaryArray array)
    {
        Int32Array indices = (Int32Array)array.Indices;
        return Enumerable.Range(0, array.Length).Select(row => array.IsNull(row) ? -1 : indices.GetValue(row)!.Value);
    }

    private static string[] Texts(ParquetFileReader reader) =>
        [.. reader.Schema.FieldsList.Where(field => field.DataType is StringType).Select(field => field.Name)];

    // Its dictionary is full long before its rows are written.
    private static void WriteMixed(string file, string?[] values)
    {
        using Sharp.WriterPropertiesBuilder builder = new();
        using Sharp.WriterProperties properties = builder
            .DataPagesize(4096).DictionaryPagesizeLimit(2000).WriteBatchSize(256).Build();
        using Sharp.ParquetFileWriter writer = new(file, [new Sharp.Column<string>("text")], properties);
        using Sharp.RowGroupWriter rowGroup = writer.AppendRowGroup();
        using Sharp.LogicalColumnWriter<string> column = rowGroup.NextColumn().LogicalWriter<string>();
        column.WriteBatch(values!);
        writer.Close();
    }

    private static ValueTask<ParquetFileReader> OpenAsync(string file) => ParquetFileReader.OpenAsync(
        new Engine(), new LocalStore(System.IO.Path.GetDirectoryName(file)!),
        new StorePath(System.IO.Path.GetFileName(file)));
}
