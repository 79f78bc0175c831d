using System.Threading.Tasks;

namespace Polder.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        using Terminal terminal = Terminal.OfThisProcess();
        return await PolderCommand.RunAsync(arguments, terminal).ConfigureAwait(false);
    }
}
