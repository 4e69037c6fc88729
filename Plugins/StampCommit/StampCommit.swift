import Foundation
import PackagePlugin

/// Tells the command line which commit it was built from. Only the executable's own few files are compiled anew when
/// that changes.
@main struct StampCommit: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) -> [Command] {
        let script = context.package.directoryURL.appending(path: "scripts/stamp-commit")
        let folder = context.pluginWorkDirectoryURL
        return [
            .prebuildCommand(
                displayName: "Stamp the commit", executable: script, arguments: [folder.path],
                outputFilesDirectory: folder)
        ]
    }
}
