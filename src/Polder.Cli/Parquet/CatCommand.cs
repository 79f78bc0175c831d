using System.CommandLine;
using System.Threading.Tasks;
using Polder.Cli.Output;
using Polder.Columns;
using Polder.Files;

namespace Polder.Cli.Parquet;

/// <summary><c>parquet cat FILE</c>: the rows.</summary>
internal static class CatCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> file = ParquetCommand.File();
        Option<string[]> columns = ReadCommand.ColumnsOption();
        RowOptions rows = new();
        Command command = new("cat", "Print the rows of a Parquet file.")
        {
            file, columns, rows.Limit, rows.Format, rows.Output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ParquetFileReader reader = await ParquetCommand.OpenAsync(
                Engine.Default, parsed.GetValue(file)!, cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                string[]? names = CommonOptions.SplitList(parsed.GetValue(columns));
                DataType schema = ArrowTypes.FromSchema(reader.SchemaOf(names));
                return await RowOutput.WriteAsync(
                    terminal,
                    schema,
                    reader.ReadAsync(new ParquetReadOptions { Columns = names }, cancellationToken),
                    rows.Read(parsed, terminal),
                    cancellationToken).ConfigureAwait(false);
            }
        });
        return command;
    }
}
